Feature: Dialogs
  Once a call is set up, both sides reach each other through the proxy until one of them ends it.

  @sip.dialog.in-route
  Rule: In-dialog requests reach the other side, both ways

    Scenario: The caller hangs up
      Given a voice application with password authentication
      When it is called with its password
      Then the call is set up
      And the proxy put itself on the route
      And the BYE reaches the voice platform

    Scenario: The service is on the route of whoever comes in
      Given a voice application enabled with
        | allowedSourceIps | ["0.0.0.0/0"] |
      When INVITEs come without credentials and without a body, with these routes recorded
        | none                                        |
        | <sip:near.example;lr>                       |
        | <sip:near.example;lr>, <sip:far.example;lr> |
      Then each reaches the voice platform with the service on its route

    Scenario: The called side hangs up
      Given a voice application with password authentication
      When it is called with its password, and the called side hangs up
      Then the call is set up

    Scenario: The caller changes the session
      Given a voice application with password authentication
      When it is called with its password, and the caller sends a re-INVITE
      Then the call is set up
      And the BYE reaches the voice platform

    Scenario: The called side changes the session
      Given a voice application with password authentication
      When it is called with its password, and the called side sends a re-INVITE
      Then the call is set up

    Scenario: The called side moves, and says so by a re-INVITE
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand, behind no proxy
      And the called side moves to another port
      Then these requests of that call reach its other side
        | of the called side | INVITE |
        | of the caller      | INFO   |
      When the called side moves to another port
      Then these requests of that call reach its other side
        | of the called side | INVITE |
        | of the caller      | INFO   |
        | of the caller      | BYE    |

    Scenario: A refused change of the session ends nothing, and the caller hangs up
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand
      Then these requests of that call reach its other side
        | of the caller, refused with 488 Not Acceptable Here | INVITE |
        | of the called side                                  | INFO   |
        | of the called side, refused with 491 Pending        | INVITE |
        | of the caller                                       | UPDATE |
        | of the caller, refused with 415 Unsupported         | INFO   |
        | of the called side                                  | INVITE |
        | of the caller                                       | BYE    |

    Scenario: A refused change of the session ends nothing, and the called side hangs up
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand
      Then these requests of that call reach its other side
        | of the called side, refused with 488 Not Acceptable Here | INVITE |
        | of the caller                                            | INFO   |
        | of the called side, refused with 603 Decline             | UPDATE |
        | of the caller, refused with 500 Server Internal Error    | INVITE |
        | of the called side                                       | BYE    |

    Scenario: A BYE of an unknown dialog
      Given a voice application with password authentication
      When somebody sends it a BYE of a dialog that does not exist
      Then BYE is answered with 481
      And nothing reaches the voice platform

    Scenario: A BYE with other tags than those of the call
      Given a voice application with password authentication
      When a call with its password is answered
      And the caller's address sends these requests of that call
        | BYE | with a guessed From tag           |
        | BYE | with a guessed To tag             |
        | BYE | with guessed tags                 |
        | BYE | with its tags the other way round |
      Then each is answered with 481, and passed on to nobody
      And the caller can still change the session, and end the call

    Scenario: The called side repeats the recorded route in one line or in many
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand
      And the caller changes the session, and the called side answers with the Record-Route of the service
        | alone                        |
        | before others in one line    |
        | between others in one line   |
        | behind others in one line    |
        | between others in lines      |
        | behind one of another scheme |
      Then the caller gets each with the same others, and with the service where it was

  @sip.route.own
  Rule: The Route of the service is taken out, and no other

    Scenario: By whatever name
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand
      And the caller sends INFO of that call, with Route, of which this is left
        | <sip:{service};lr>                       |                                          |
        | <sip:unheard-of@{service};lr>            |                                          |
        | <sip:{domain};lr>                        |                                          |
        | <sip:{domain in capitals};lr>            |                                          |
        | <sip:{domain};lr>, <sip:far.example;lr>  | <sip:far.example;lr>                     |
        | <sip:far.example;lr>                     | <sip:far.example;lr>                     |
        | <sip:{other port};lr>                    | <sip:{other port};lr>                    |
        | <sip:192.0.2.1:{port};lr>                | <sip:192.0.2.1:{port};lr>                |
        | <sip:far.example;lr>, <sip:{service};lr> | <sip:far.example;lr>, <sip:{service};lr> |
      Then each that arrives has what is left

  @sip.route.strict
  Rule: What a strict router did to the route is undone

    Scenario: No Route tells where the request is to go
      Given a voice application with password authentication
      When a call with its password is answered
      And the caller sends INFO of that call to the service's own URI in its route, with
        | no Route                     |
        | a Route that is none         |
        | a Route of an unknown scheme |
      Then each of these is passed on or refused
      And the caller can still change the session, and end the call

  @sip.dialog.auth
  Rule: An invented To tag opens no door

    Scenario: An INVITE that pretends to be in a dialog
      Given a voice application with password authentication
      When it is called with an invented To tag and without credentials
      Then the INVITE is answered with 407 or 481
      And nothing reaches the voice platform

    Scenario: An INVITE that pretends to be in a call that is there
      Given a voice application with password authentication
      When a call with its password is answered
      And the caller's address sends these requests of that call
        | INVITE | with a guessed To tag                     |
        | INVITE | with a guessed To tag, to the application |
      Then each is challenged or answered with 481, and passed on to nobody

  @sip.dialog.checks
  Rule: What the service cannot do for a request is said, and a dialog lives on

    Scenario: A call that asks for what no proxy knows
      Given a voice application with password authentication
      When INVITEs come with the right password, and with Proxy-Require
        | Proxy-Require: unheard-of                                    |
        | Proxy-Require: unheard-of, unseen                            |
        | Proxy-Require: unheard-of␍␊Proxy-Require: unseen             |
        | proxy-require : unheard-of,␍␊ unseen␍␊PROXY-REQUIRE: unknown |
      Then each is answered with 420, and Unsupported lists what it asked for
      And none is passed on

    Scenario: A request in a call that asks for what no proxy knows
      Given a voice application with password authentication
      When a call with its password is answered
      And the caller sends INVITE, INFO, UPDATE and BYE of that call, with Proxy-Require
        | Proxy-Require: unheard-of                        |
        | Proxy-Require: unheard-of, unseen                |
        | Proxy-Require: unheard-of␍␊Proxy-Require: unseen |
      Then each is answered with 420, and Unsupported lists what it asked for
      And no request of these is passed on
      And the caller can still change the session, and end the call

    Scenario: A call to a URI that no SIP element knows
      Given a voice application with password authentication
      When INVITEs come with the right password, to
        | unheardof:called@elsewhere.example |
        | unheardof:called                   |
        | http://elsewhere.example/called    |
      Then each of them is answered with 416
      And none is passed on

    Scenario: A request in a call to a URI that no SIP element knows
      Given a voice application with password authentication
      When a call with its password is answered
      And the caller sends INVITE, INFO, UPDATE and BYE of that call, to
        | unheardof:called@elsewhere.example |
        | http://elsewhere.example/called    |
      Then each of them is answered with 416
      And no request of these is passed on
      And the caller can still change the session, and end the call

  @sip.cancel
  Rule: A ringing call can be given up

    @smoke
    Scenario: CANCEL
      Given a voice application with password authentication
      When it is called with its password, and the caller gives up while it rings
      Then the call is cancelled
      And a CANCEL of that INVITE reaches the voice platform

  @sip.ack-cancel.unchallenged
  Rule: ACK and CANCEL are never challenged

    Scenario: A CANCEL, and the ACK to the 487
      Given a voice application with password authentication
      When it is called with its password, and the caller gives up while it rings
      Then neither ACK nor CANCEL was challenged
