Feature: From hop to hop
  Some messages are not passed on. The service writes them itself, for the hop before it or for the one behind it.

  @sip.trying.form
  Rule: A 100 says which INVITE it answers, and when that was sent

    Scenario: INVITEs that begin a call
      Given a voice application with password authentication
      When calls with its password reach a called side that is silent for a second, by INVITEs with Timestamp, written with
        | display names                     |
        | UTF-8 in display names            |
        | compact names                     |
        | names in odd case                 |
        | blanks behind the colon           |
        | a second Via in the same line     |
        | a second Via in a line of its own |
        | parameters behind To              |
      Then each gets a 100 in form

    Scenario: INVITEs in a call
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand
      And the caller changes the session, by INVITEs with Timestamp that are answered after their 100, written with
        | display names                     |
        | UTF-8 in display names            |
        | compact names                     |
        | values on the next line           |
        | a second Via in the same line     |
        | a second Via in a line of its own |
      Then each gets a 100 in form

  @sip.cancel.downstream
  Rule: The called side gets a CANCEL that fits its INVITE

    Scenario: Calls that ring
      Given a voice application with password authentication
      When calls with its password ring, by INVITEs written with
        | display names                     |
        | UTF-8 in display names            |
        | compact names                     |
        | names in odd case                 |
        | a second Via in the same line     |
        | a second Via in a line of its own |
        | parameters behind To              |
      And the caller gives up each of them
      Then the CANCEL of each fits its INVITE

    Scenario: A call that came by a Route that names the service
      Given a voice application with password authentication
      When calls with its password ring, by INVITEs with
        | a Route to the service                    |
        | a Route over the service to a third party |
      And the caller gives up each of them
      Then the CANCEL of each fits its INVITE

    Scenario: A change of a session, with a proxy on the way to the called side
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand
      And the caller changes the session, and gives up when the called side rings, with Route
        | in one line           |
        | in lines of their own |
      Then the CANCEL of each fits its INVITE

    Scenario: A change of a session that the called side has only taken
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand
      And the caller changes the session, and gives up when the called side has answered with
        | 100 Trying           |
        | 182 Queued           |
        | 183 Session Progress |
        | 199 Early            |
      Then the CANCEL of each fits its INVITE

    Scenario: The called side has not answered yet
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand
      And the caller changes the session, and gives up before the called side rings
      Then no CANCEL comes before the called side has rung
      And the CANCEL of each fits its INVITE

  @sip.ack.proxy
  Rule: The called side gets an ACK that fits its refusal

    Scenario: A call
      Given a voice application with password authentication
      When INVITEs come with the right password, written with
        | display names                     |
        | UTF-8 in display names            |
        | compact names                     |
        | names in odd case                 |
        | a second Via in the same line     |
        | a second Via in a line of its own |
        | parameters behind To              |
      Then the ACK to each refusal of the voice platform fits it

    Scenario: A call that came by a Route that names the service
      Given a voice application with password authentication
      When INVITEs come with the right password, and with
        | a Route to the service                       |
        | a Route over the service to a third party    |
      Then the ACK to each refusal of the voice platform fits it

    Scenario: A change of a session, with a proxy on the way to the called side
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand
      And the caller changes the session, and the called side refuses twice, with
        | 302 Moved Temporarily     | in one line           |
        | 404 Not Found             | in lines of their own |
        | 488 Not Acceptable Here   | in one line           |
        | 500 Server Internal Error | in lines of their own |
        | 503 Service Unavailable   | in one line           |
        | 603 Decline               | in lines of their own |
      Then the ACK to each refusal fits it, and comes as often
