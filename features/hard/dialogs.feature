Feature: Attacks on dialogs
  A request that pretends to belong to a call, and a call that somebody else wants to end.

  @hard.dialog.invented-tag
  Rule: An invented To tag or Route leads to nobody

    Scenario: With and without Route
      Given a voice application with password authentication
      When INVITEs come without credentials, with
        | to                                           | route                               |
        | an invented To tag                           | no Route                            |
        | an invented To tag                           | a Route to the service              |
        | an invented To tag                           | a Route to the service with a token |
        | an invented To tag                           | a Route to the voice platform       |
        | an invented To tag                           | a Route to a third party            |
        | an invented To tag                           | a Route over the service to a third party |
        | a second To with 0x01 before its colon       | no Route                            |
        | a second To with 0x01 before its colon       | a Route to the service              |
        | a second To with 0x01 before its colon       | a Route to the service with a token |
        | a second To with 0x01 before its colon       | a Route to the voice platform       |
        | a first To with 0x01 before its colon        | no Route                            |
        | a first To with 0x01 before its colon        | a Route to the service with a token |
        | a second To with 0x0b before its colon       | no Route                            |
        | a second To with 0x1f before its colon       | no Route                            |
        | a second To with 0x7f before its colon       | no Route                            |
        | a second To with 0xa0 before its colon       | no Route                            |
        | no To tag                                    | a Route to the service with a token |
        | no To tag                                    | a Route to the voice platform       |
        | no To tag                                    | a Route to a third party            |
      Then each gets a refusal or no answer
      And none is passed on
