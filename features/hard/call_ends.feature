Feature: Attacks with what is left of a call
  Whoever was let in once knows the tags and the Route of a call. When it has ended, they are worth nothing.

  @hard.dialog.token
  Rule: The Route and tags of a call lead to its other side while it lasts, and then nowhere

    Scenario: The caller has hung up
      Given a voice application with password authentication
      When a call with its password is answered
      And the caller hangs up
      And the former caller sends INVITE, BYE, MESSAGE, REFER, SUBSCRIBE, NOTIFY, OPTIONS, INFO, UPDATE, PRACK and UNHEARDOF of that call, with and without its Route, to every target
      Then none is passed on
      And each gets a refusal

    Scenario: The called side has hung up
      Given a voice application with password authentication
      When a call with its password is answered, and the called side hangs up
      And the former caller sends INVITE, BYE, MESSAGE, REFER, SUBSCRIBE, NOTIFY, OPTIONS, INFO, UPDATE, PRACK and UNHEARDOF of that call, with its Route, to every target
      Then none is passed on
      And each gets a refusal

    Scenario: The application was disabled before the end
      Given a voice application with password authentication
      When a call with its password is answered
      And the client disables it
      And the caller hangs up
      And the former caller sends INVITE, BYE, MESSAGE, REFER, SUBSCRIBE, NOTIFY, OPTIONS, INFO, UPDATE, PRACK and UNHEARDOF of that call, with its Route, to every target
      Then none is passed on
      And each gets a refusal

    Scenario: An ACK of a call that has ended
      Given a voice application with password authentication
      When a call with its password is answered
      And the caller hangs up
      And the former caller sends ACK of that call, with and without its Route, to every target
      Then none is passed on

    Scenario: A call that lasts leads to no other port
      Given a voice application with password authentication
      When a call with its password is answered
      And the caller sends these requests of that call, to another port of the called side's host
        | INFO      |
        | UPDATE    |
        | INVITE    |
        | MESSAGE   |
        | REFER     |
        | OPTIONS   |
        | UNHEARDOF |
        | BYE       |
      Then nothing is sent to that port

  @hard.dialog.revived
  Rule: A 200 that comes again after the end of a call revives nothing

    Scenario: The called side repeats its 200 after the BYE
      Given a voice application with password authentication
      When a call with its password is answered, ended by the caller, and answered with 200 once more
      And the former caller sends INVITE, INFO and BYE of that call, with and without its Route, to every target
      Then none is passed on
      And each of them is answered with 481

  @hard.dialog.challenged-bye
  Rule: A BYE that is challenged ends no call

    Scenario Outline: The called side challenges the caller's BYE with <status>
      Given a voice application with password authentication
      When a call with its password is answered, and the called side challenges the caller's BYE with <status>
      Then the caller can still change the session, and end the call

      Examples:
        | status |
        | 401    |
        | 407    |

    Scenario Outline: The caller challenges the called side's BYE with <status>
      Given a voice application with password authentication
      When a call with its password is answered, and the caller challenges the called side's BYE with <status>
      Then the caller can still change the session, and end the call

      Examples:
        | status |
        | 401    |
        | 407    |
