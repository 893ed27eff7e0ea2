Feature: Transactions
  Packets get lost and come twice. Requests and answers survive that.

  @sip.transaction.retransmit
  Rule: A repeated request is one request, and a final answer is repeated until ACK

    Scenario: The INVITE comes twice
      Given a voice application with password authentication
      When it is called with its password, the INVITE comes twice, and the caller hangs up
      Then the INVITE reached the voice platform once
      And both INVITEs got the same answer

    Scenario: The ACK of a refusal does not come
      Given a voice application with password authentication
      When it is called without credentials, and the answer is not acknowledged at first
      Then 407 is repeated

    Scenario Outline: An INVITE <how> comes again after the ACK of its refusal
      Given a voice application with password authentication
      When it is called <how>, and the INVITE comes once more after the ACK of its refusal
      Then no INVITE got another refusal than the first
      And none is passed on

      Examples:
        | how                   |
        | without credentials   |
        | with a wrong password |

    Scenario: An INVITE that the called side refuses comes again after the ACK
      Given a voice application with password authentication
      When it is called with its password, and the INVITE comes once more after the ACK of its refusal
      Then no INVITE got another refusal than the first
      And the INVITE reached the voice platform once

    Scenario Outline: Requests of a call come again after <seconds> s
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand
      And the caller sends INFO and BYE of that call, and each once more <seconds> seconds later
      Then each gets the same answer again, and has gone on once

      Examples:
        | seconds |
        | 0       |

      @long
      Examples: Less than a transaction lasts
        | seconds |
        | 20      |

  @sip.transaction.trying
  Rule: An INVITE is answered within 200 ms, if only with 100

    Scenario: The called side takes its time
      Given a voice application with password authentication
      When it is called with its password, and the called side is silent for a second
      Then the first answer came within 200 ms
      And the call is set up

    Scenario: INVITEs that say when they were sent
      Given a voice application with password authentication
      When calls with its password reach a called side that is silent for a second, by INVITEs with Timestamp, written with
        | compact names     |
        | names in odd case |
      Then each gets a 100

  @sip.rport
  Rule: Answers go to where the packet came from

    Scenario: A Via that names an address behind a NAT
      Given a voice application with password authentication
      When it is called without credentials, and the Via names another address
      Then the answers come to the packet's source, and their Via names it

    Scenario Outline: Whatever is answered, with <where> in Via
      Given a voice application with password authentication
      When these come with rport, and with <where> in Via
        | an INVITE without credentials                   |
        | an INVITE with a wrong password                 |
        | an INVITE with its password                     |
        | an INVITE to nobody                             |
        | an INVITE with an invented To tag               |
        | an INVITE with Max-Forwards 0                   |
        | an INVITE that requires an extension of a proxy |
        | an INVITE whose CSeq names another method       |
        | an OPTIONS                                      |
        | a BYE of no call                                |
        | a CANCEL of no call                             |
        | a MESSAGE                                       |
        | a REGISTER                                      |
        | a SUBSCRIBE                                     |
      Then each is answered at the packet's source, and the Via of every answer names it

      Examples:
        | where                |
        | where they come from |
        | another address      |
        | another port         |
        | a host               |

    Scenario: In a call
      Given a voice application with password authentication
      When a call with its password is answered
      And the caller sends INVITE, INFO and BYE of that call
      Then each is answered at the packet's source, and the Via of every answer names it
