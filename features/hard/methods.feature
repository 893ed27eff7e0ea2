Feature: Attacks by method
  What the service does not let in as an INVITE, nobody gets in by another name.

  @hard.methods.unauthenticated
  Rule: Another method than INVITE opens no door

    @smoke
    Scenario: Outside any dialog
      Given a voice application with password authentication
      When requests of these methods come without credentials, outside any dialog
        | MESSAGE   |
        | SUBSCRIBE |
        | REFER     |
        | INFO      |
        | PUBLISH   |
        | NOTIFY    |
        | UPDATE    |
        | PRACK     |
        | BYE       |
        | UNHEARDOF |
        | invite    |
        | Invite    |
        | INVITE2   |
      Then each gets a refusal
      And none is passed on

    Scenario: With an invented To tag
      Given a voice application with password authentication
      When requests of these methods come without credentials, with an invented To tag
        | MESSAGE   |
        | SUBSCRIBE |
        | REFER     |
        | INFO      |
        | PUBLISH   |
        | NOTIFY    |
        | UPDATE    |
        | PRACK     |
        | BYE       |
        | UNHEARDOF |
        | invite    |
        | Invite    |
        | INVITE2   |
      Then each gets a refusal
      And none is passed on

    Scenario: With an invented To tag and Route
      Given a voice application with password authentication
      When requests of these methods come without credentials, with an invented To tag and Route
        | MESSAGE   |
        | SUBSCRIBE |
        | REFER     |
        | INFO      |
        | PUBLISH   |
        | NOTIFY    |
        | UPDATE    |
        | PRACK     |
        | BYE       |
        | UNHEARDOF |
        | invite    |
        | Invite    |
        | INVITE2   |
      Then each gets a refusal
      And none is passed on
