Feature: Every PATCH
  What a PATCH does follows from the fields it has and from what the application was before. The rows of this table
  combine them, and each is sent to an application that is read before and afterwards:

  - inbound SIP was off, off again after it had been on, on with a password, with a list of sources, or with both and a
    region;
  - inboundSipCallsEnabled and passwordAuthEnabled are absent, true or false;
  - allowedSourceIps and allowedRegions are absent, empty, good, or refused: for an entry at any place, for one that is
    there twice, or for their number.

  Other rows have one mistake in a PATCH that is right otherwise: one of these, a value of the wrong type, a field that no
  client may set, or a webhook in a private network.

  What decides nothing is mixed in: the order of the fields, another name for the application, and whether the same PATCH
  is sent again, to the same application or another one. Some rows are sent as merge patches once more.

  After some rows the application is called, without credentials and from anywhere: the call is decided by what the PATCH
  has left. Of each kind of row, granted or refused, there is one; the seed of the run draws it.

  A row belongs to the rule that decides it. A PATCH that several rules refuse belongs to the one that says that nothing
  changes then.

  @app.enable.password
  Rule: Enabling with a password

    Scenario: In every combination
      When the PATCHes that app.enable.password decides are sent
      Then each leaves what the documents say

  @app.enable.ip-only
  Rule: Enabling with source addresses alone

    Scenario: In every combination
      When the PATCHes that app.enable.ip-only decides are sent
      Then each leaves what the documents say

  @app.enable.layered
  Rule: Enabling with both

    Scenario: In every combination
      When the PATCHes that app.enable.layered decides are sent
      Then each leaves what the documents say

  @app.enable.needs-auth-mode
  Rule: Enabling with neither is refused

    Scenario: In every combination
      When the PATCHes that app.enable.needs-auth-mode decides are sent
      Then each leaves what the documents say

  @app.reenable.fresh
  Rule: Enabling again gives everything anew

    Scenario: In every combination
      When the PATCHes that app.reenable.fresh decides are sent
      Then each leaves what the documents say

  @app.disable.clears
  Rule: Disabling takes everything away

    Scenario: In every combination
      When the PATCHes that app.disable.clears decides are sent
      Then each leaves what the documents say

  @app.rotate.keeps-rest
  Rule: A rotation changes the password alone

    Scenario: In every combination
      When the PATCHes that app.rotate.keeps-rest decides are sent
      Then each leaves what the documents say

  @app.password-off
  Rule: Turning password authentication off drops the password

    Scenario: In every combination
      When the PATCHes that app.password-off decides are sent
      Then each leaves what the documents say

  @app.last-mechanism
  Rule: The last way to authenticate stays

    Scenario: In every combination
      When the PATCHes that app.last-mechanism decides are sent
      Then each leaves what the documents say

  @app.regions.only
  Rule: A change of the regions alone changes nothing else

    Scenario: In every combination
      When the PATCHes that app.regions.only decides are sent
      Then each leaves what the documents say

  @app.regions.unknown
  Rule: A region that nobody knows is refused

    Scenario: In every combination
      When the PATCHes that app.regions.unknown decides are sent
      Then each leaves what the documents say

  @app.source-ips.replaced-whole
  Rule: A change of the sources alone replaces the whole list

    Scenario: In every combination
      When the PATCHes that app.source-ips.replaced-whole decides are sent
      Then each leaves what the documents say

  @app.cidr.rejected
  Rule: A prefix that may not be listed is refused

    Scenario: In every combination
      When the PATCHes that app.cidr.rejected decides are sent
      Then each leaves what the documents say

  @app.cidr.malformed
  Rule: What is no prefix is refused

    Scenario: In every combination
      When the PATCHes that app.cidr.malformed decides are sent
      Then each leaves what the documents say

  @app.cidr.non-public
  Rule: A prefix that is not public is refused

    Scenario: In every combination
      When the PATCHes that app.cidr.non-public decides are sent
      Then each leaves what the documents say

  @app.patch.atomic
  Rule: A PATCH that is refused changes nothing

    Scenario: In every combination
      When the PATCHes that app.patch.atomic decides are sent
      Then each leaves what the documents say

  @app.cidr.limit
  Rule: A list of sources that is too long is refused

    Scenario: In every combination
      When the PATCHes that app.cidr.limit decides are sent
      Then each leaves what the documents say

  @app.errors
  Rule: A value of the wrong type is refused

    Scenario: In every combination
      When the PATCHes that app.errors decides are sent
      Then each leaves what the documents say

  @app.unknown-fields
  Rule: A field that no client may set is refused

    Scenario: In every combination
      When the PATCHes that app.unknown-fields decides are sent
      Then each leaves what the documents say

  @hard.callback-url
  Rule: A webhook in a private network is refused

    Scenario: In every combination
      When the PATCHes that hard.callback-url decides are sent
      Then each leaves what the documents say

  @app.patch.merge-patch
  Rule: A merge patch does the same

    Scenario: In every combination
      When the PATCHes that app.patch.merge-patch decides are sent
      Then each leaves what the documents say

  @sip.disabled
  Rule: A PATCH decides whether there are calls at all

    Scenario: After a PATCH of each kind
      When applications that PATCHes leave to sip.disabled are called
      Then each call ends as the PATCH has left it

  @sip.challenge
  Rule: A PATCH decides who is challenged

    Scenario: After a PATCH of each kind
      When applications that PATCHes leave to sip.challenge are called
      Then each call ends as the PATCH has left it

  @sip.ip.no-challenge
  Rule: A PATCH decides which sources are let in

    Scenario: After a PATCH of each kind
      When applications that PATCHes leave to sip.ip.no-challenge are called
      Then each call ends as the PATCH has left it

  @sip.ip.not-listed
  Rule: A PATCH decides which sources are refused

    Scenario: After a PATCH of each kind
      When applications that PATCHes leave to sip.ip.not-listed are called
      Then each call ends as the PATCH has left it

  @sip.layered.ip-fails
  Rule: A PATCH decides which sources are refused, whatever they know

    Scenario: After a PATCH of each kind
      When applications that PATCHes leave to sip.layered.ip-fails are called
      Then each call ends as the PATCH has left it

  @sip.region.allowed
  Rule: A PATCH decides which regions are let in

    Scenario: After a PATCH of each kind
      When applications that PATCHes leave to sip.region.allowed are called
      Then each call ends as the PATCH has left it

  @sip.region.refused
  Rule: A PATCH decides which regions are refused

    Scenario: After a PATCH of each kind
      When applications that PATCHes leave to sip.region.refused are called
      Then each call ends as the PATCH has left it
