Feature: Every combination
  What becomes of an INVITE follows from a few things alone. The rows of this table combine them, and each is tried:

  - what the application asks for: a password, a listed source, both; or it is switched off, or does not exist;
  - the only region that it lets in, or any;
  - who calls: from a listed source or another one, from a region that is let in, another one, or one that nobody knows;
  - how Request-URI, To and the user of the credentials name it: by its id, by the user part of its SIP URI, by that of
    a former SIP URI; or another application, or none at all;
  - the credentials: none, right ones, a wrong digest; right ones over a nonce that is too old, that nobody issued or
    whose count was used, for a foreign realm, or whose digest is for another application or host;
  - the sent-by of its Via: its own address, another customer's, a host name;
  - a To tag that no dialog has, or none.

  Some things decide nothing, and are mixed in: UDP or TCP, a qop or none, the first INVITE of its call or the second.

  A row belongs to the rule that decides it. Where the documents leave open which of two refusals comes first, each is
  allowed.

  @sip.challenge
  Rule: A first INVITE without credentials is challenged

    @long
    Scenario: In every combination
      When the rows that sip.challenge decides are tried
      Then each has an outcome that the documents allow

  @sip.auth.accepted
  Rule: The right answer to the challenge lets the call in

    @long
    Scenario: In every combination
      When the rows that sip.auth.accepted decides are tried
      Then each has an outcome that the documents allow

  @sip.auth.wrong-password
  Rule: A wrong answer to a good challenge is refused

    @long
    Scenario: In every combination
      When the rows that sip.auth.wrong-password decides are tried
      Then each has an outcome that the documents allow

  @sip.auth.stale-nonce
  Rule: An answer to an old challenge is challenged again

    @long
    Scenario: In every combination
      When the rows that sip.auth.stale-nonce decides are tried
      Then each has an outcome that the documents allow

  @sip.auth.forged-nonce
  Rule: An answer to a challenge that nobody sent is challenged

    @long
    Scenario: In every combination
      When the rows that sip.auth.forged-nonce decides are tried
      Then each has an outcome that the documents allow

  @sip.auth.nonce-replay
  Rule: A nonce count that was used is challenged again

    @long
    Scenario: In every combination
      When the rows that sip.auth.nonce-replay decides are tried
      Then each has an outcome that the documents allow

  @sip.auth.foreign-realm
  Rule: Credentials for another realm do not count

    @long
    Scenario: In every combination
      When the rows that sip.auth.foreign-realm decides are tried
      Then each has an outcome that the documents allow

  @sip.identity.request-uri
  Rule: Another application in the Request-URI is forbidden

    @long
    Scenario: In every combination
      When the rows that sip.identity.request-uri decides are tried
      Then each has an outcome that the documents allow

  @sip.identity.to
  Rule: Another application in To is forbidden

    @long
    Scenario: In every combination
      When the rows that sip.identity.to decides are tried
      Then each has an outcome that the documents allow

  @sip.identity.auth-user
  Rule: Another authentication user is forbidden

    @long
    Scenario: In every combination
      When the rows that sip.identity.auth-user decides are tried
      Then each has an outcome that the documents allow

  @sip.ip.no-challenge
  Rule: A call from a listed address is let in, whatever its credentials

    @long
    Scenario: In every combination
      When the rows that sip.ip.no-challenge decides are tried
      Then each has an outcome that the documents allow

  @sip.ip.not-listed
  Rule: A call from any other address is refused, whatever its credentials

    @long
    Scenario: In every combination
      When the rows that sip.ip.not-listed decides are tried
      Then each has an outcome that the documents allow

  @sip.layered.both
  Rule: With both asked for, the right password from a listed address goes through

    @long
    Scenario: In every combination
      When the rows that sip.layered.both decides are tried
      Then each has an outcome that the documents allow

  @sip.layered.ip-fails
  Rule: With both asked for, the right password from another address does not go through

    @long
    Scenario: In every combination
      When the rows that sip.layered.ip-fails decides are tried
      Then each has an outcome that the documents allow

  @sip.layered.digest-fails
  Rule: With both asked for, a wrong password from a listed address does not go through

    @long
    Scenario: In every combination
      When the rows that sip.layered.digest-fails decides are tried
      Then each has an outcome that the documents allow

  @sip.region.allowed
  Rule: A call from an allowed region is let in

    @long
    Scenario: In every combination
      When the rows that sip.region.allowed decides are tried
      Then each has an outcome that the documents allow

  @sip.region.refused
  Rule: A call from any other region is refused

    @long
    Scenario: In every combination
      When the rows that sip.region.refused decides are tried
      Then each has an outcome that the documents allow

  @sip.disabled
  Rule: An application that is switched off is called in vain

    @long
    Scenario: In every combination
      When the rows that sip.disabled decides are tried
      Then each has an outcome that the documents allow

  @sip.unknown-application
  Rule: An application that nobody has is called in vain

    @long
    Scenario: In every combination
      When the rows that sip.unknown-application decides are tried
      Then each has an outcome that the documents allow

  @sip.dialog.auth
  Rule: An invented To tag opens no door

    @long
    Scenario: In every combination
      When the rows that sip.dialog.auth decides are tried
      Then each has an outcome that the documents allow

  @hard.digest.uri
  Rule: A digest for something else is challenged again

    @long
    Scenario: In every combination
      When the rows that hard.digest.uri decides are tried
      Then each has an outcome that the documents allow
