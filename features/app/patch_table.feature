Feature: Every PATCH
  What a PATCH does follows from the fields it has and from what the application was before. The rows of this table
  combine them, and each is sent to an application that is read before and afterwards:

  - inbound SIP was off, off again after it had been on, on with a password, with a list of sources, or with both and a
    region;
  - inboundSipCallsEnabled and passwordAuthEnabled are absent, true or false;
  - allowedSourceIps and allowedRegions are absent, empty, good, or have an entry that is refused, at either end.

  Whether the PATCH gives the application another name, too, decides nothing, and is mixed in.

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
