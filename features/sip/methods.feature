Feature: Other methods
  The service takes calls. It neither serves nor passes on anything else that SIP can ask for.

  @sip.methods
  Rule: Without credentials no other method succeeds or is delivered

    Scenario Outline: <method>
      Given a voice application with password authentication
      When somebody sends it <method> without credentials
      Then <method> is refused
      And nothing of <method> reaches the voice platform

      Examples:
        | method    |
        | MESSAGE   |
        | SUBSCRIBE |
        | REFER     |
        | PUBLISH   |
        | INFO      |
        | UNHEARDOF |

    Scenario: REGISTER
      Given a voice application with password authentication
      When somebody sends it REGISTER without credentials
      Then REGISTER is answered with 405
      And the answer lists the methods allowed

    Scenario: REGISTER with a To tag, as if there were a dialog
      Given a voice application with password authentication
      When REGISTER comes with an invented To tag
      Then it is answered with 405, and the answer lists the methods allowed
