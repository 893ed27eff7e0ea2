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

  @hard.dialog.hijack
  Rule: A call belongs to its two sides

    Scenario: A third party knows all about a call, or guesses
      Given a voice application with password authentication
      When a call with its password is answered
      And the EU customer sends these requests of that call
        | BYE    | with its tags and Route           |
        | BYE    | with its tags, without Route      |
        | BYE    | with its tags the other way round |
        | BYE    | with a guessed To tag             |
        | BYE    | with a guessed From tag           |
        | INVITE | with its tags and Route           |
        | INVITE | with its tags, without Route      |
        | INFO   | with its tags and Route           |
        | CANCEL | of its INVITE                     |
      Then each is answered with 481, and passed on to nobody
      And the caller can still change the session, and end the call

    Scenario: The caller's own address, but a guessed tag
      Given a voice application with password authentication
      When a call with its password is answered
      And the caller's address sends these requests of that call
        | BYE    | with a guessed To tag             |
        | BYE    | with a guessed From tag           |
        | INVITE | with a guessed To tag             |
        | CANCEL | with a guessed branch             |
      Then each is answered with 481, and passed on to nobody
      And the caller can still change the session, and end the call

    Scenario: A third party cancels a call that rings
      Given a voice application with password authentication
      When a call with its password rings
      And the EU customer sends these requests of that call
        | CANCEL | of its INVITE           |
        | CANCEL | with a guessed branch   |
        | BYE    | with its tags and Route |
      Then each is answered with 481, and passed on to nobody
      And the caller can still give up

    Scenario: The caller's own address cancels something else than the call that rings
      Given a voice application with password authentication
      When a call with its password rings
      And the caller's address sends these requests of that call
        | CANCEL | with a guessed branch |
      Then each is answered with 481, and passed on to nobody
      And the caller can still give up

    Scenario: A re-INVITE of a call that was given up
      Given a voice application with password authentication
      When a call with its password rings
      And the caller gives up, and then sends a re-INVITE and a BYE, with and without Route
      Then each is answered with 481, and passed on to nobody
      When it is called with its password
      Then the call is set up

  @hard.route.preloaded
  Rule: A route that a caller has made up leads nowhere

    Scenario: With the right password
      Given a voice application with password authentication
      When INVITEs come with the right password, and with
        | a Route to the voice platform                        |
        | a Route to a third party                             |
        | a Route to third parties in one line                 |
        | a Route to the service with a token                  |
        | a Route over the service to a third party            |
        | a Route to the service and a third party in one line |
        | a Route that is none                                 |
      Then each reaches the voice platform without its Route, or is refused
      And nobody but the voice platform is sent anything
