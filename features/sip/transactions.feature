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

  @sip.transaction.trying
  Rule: An INVITE is answered within 200 ms, if only with 100

    Scenario: The called side takes its time
      Given a voice application with password authentication
      When it is called with its password, and the called side is silent for a second
      Then the first answer came within 200 ms
      And the call is set up

  @sip.rport
  Rule: Answers go to where the packet came from

    Scenario: A Via that names an address behind a NAT
      Given a voice application with password authentication
      When it is called without credentials, and the Via names another address
      Then the answers come to the packet's source, and their Via names it
