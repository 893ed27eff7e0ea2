Feature: When the service starts anew
  It has forgotten whatever it keeps nowhere. Calls go on all the same, and what was worth nothing before is worth
  nothing now.

  @hard.restart
  Rule: Established calls outlive a new start of the service, and nobody else gains by it

    @long @alone
    Scenario: The caller goes on, and hangs up
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand
      And the service starts anew
      Then these requests of that call reach its other side
        | of the caller      | INVITE |
        | of the called side | INFO   |
        | of the caller      | UPDATE |
        | of the called side | INVITE |
        | of the caller      | BYE    |

    @long @alone
    Scenario: The called side goes on, and hangs up
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand
      And the service starts anew
      Then these requests of that call reach its other side
        | of the called side | INVITE |
        | of the caller      | PRACK  |
        | of the called side | UPDATE |
        | of the caller      | INFO   |
        | of the called side | BYE    |

    @long @alone
    Scenario: The called side speaks first, and names no target
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand, behind no proxy
      And the service starts anew
      Then these requests of that call reach its other side
        | of the called side, without Contact | INFO |
        | of the caller                       | INFO |
        | of the called side, without Contact | BYE  |

    @long @alone
    Scenario: A caller over TCP is called back where it listens
      Given a voice application with password authentication
      When a call over TCP with its password is answered, its caller listens, and its called side goes on by hand
      And the service starts anew
      Then these requests of that call reach its other side
        | of the called side | INFO   |
        | of the caller      | UPDATE |
        | of the called side | BYE    |

    @long @alone
    Scenario: Who is not of the call, and who does not know it all
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand
      And the service starts anew
      And the EU customer sends these requests of that call
        | BYE    | with its tags and Route      |
        | INVITE | with its tags and Route      |
        | INFO   | with its tags and Route      |
        | BYE    | with its tags, without Route |
        | BYE    | with a guessed From tag      |
      Then each is answered with 481, and passed on to nobody
      When the caller's address sends these requests of that call
        | BYE    | with a guessed To tag             |
        | BYE    | with a guessed From tag           |
        | INVITE | with a guessed To tag             |
        | BYE    | with its tags the other way round |
      Then each is answered with 481, and passed on to nobody
      And the caller gets no INFO with its tag guessed, and none that the EU customer sends as the called side
      And these requests of that call reach its other side
        | of the caller      | INVITE |
        | of the called side | BYE    |

    @long @alone
    Scenario: Nothing new begins, and after the end nothing goes on
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand
      And the service starts anew
      And the former caller sends MESSAGE, REFER, SUBSCRIBE, NOTIFY, OPTIONS, PUBLISH and UNHEARDOF of that call, with its Route, to every target
      Then none is passed on
      And each gets a refusal
      And these requests of that call reach its other side
        | of the caller | BYE |
      When the former caller sends INVITE, BYE, INFO and UPDATE of that call, with and without its Route, to every target
      Then none is passed on
      And each gets a refusal

    @long @alone
    Scenario: Credentials that were used before
      Given a voice application with password authentication
      When a caller without credentials is challenged
      And it answers with its password and the nonce counts 1 and 2
      And the service starts anew
      And it answers once more, with the nonce counts 1, 2 and 3
      Then each is challenged with a nonce not seen before
      When it is called with its password
      Then the call is set up
