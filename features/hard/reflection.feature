Feature: Attacks on others
  Whoever forges the source of a packet, or writes another address into it, wants the service to flood somebody else.

  @hard.via.reflection
  Rule: What strangers send is worth two octets each, and they go back to where it came from

    Scenario: A Via that points elsewhere
      Given a voice application with password authentication
      When INVITE, OPTIONS, BYE, MESSAGE and a malformed REGISTER come without credentials, with these in Via
        | a third party's sent-by                       |
        | a third party's sent-by, and rport            |
        | a third party's sent-by without a port        |
        | a third party's sent-by over TCP              |
        | a third party's received                      |
        | a third party's received, and rport           |
        | a third party's received, and a port in rport |
        | a third party's maddr                         |
        | a third party's maddr, and rport              |
        | a third party's maddr and ttl                 |
        | another port in rport                         |
        | all of these                                  |
        | the service's own sent-by                     |
        | the voice platform's sent-by                  |
      Then nothing is sent to another address than the packet's

    Scenario: The first second
      Given a voice application with password authentication
      When these come without credentials, and nothing is acknowledged for a second
        | a minimal INVITE                             |
        | a minimal OPTIONS                            |
        | a minimal BYE                                |
        | a minimal REGISTER                           |
        | an ordinary INVITE                           |
        | an INVITE with credentials for another realm |
        | an INVITE to nobody                          |
        | an INVITE with an invented To tag            |
        | an INVITE with Max-Forwards 0                |
        | an INVITE that requires a lot                |
        | an ordinary OPTIONS                          |
        | an ordinary BYE                              |
        | an ordinary REGISTER                         |
        | an ordinary MESSAGE                          |
        | a CANCEL of nothing                          |
        | a method that nobody knows                   |
        | a malformed start line                       |
        | a malformed header                           |
        | an unknown version                           |
        | no end of the header                         |
        | a header of 60,000 octets                    |
      Then all that came of each has at most twice its octets

    @long @longest
    Scenario: Until the end
      Given a voice application with password authentication
      When these come without credentials, and nothing is acknowledged until all transactions are over
        | a minimal INVITE                             |
        | a minimal OPTIONS                            |
        | a minimal BYE                                |
        | a minimal REGISTER                           |
        | an ordinary INVITE                           |
        | an INVITE with credentials for another realm |
        | an INVITE to nobody                          |
        | an INVITE with an invented To tag            |
        | an INVITE with Max-Forwards 0                |
        | an INVITE that requires a lot                |
        | an ordinary OPTIONS                          |
        | an ordinary BYE                              |
        | an ordinary REGISTER                         |
        | an ordinary MESSAGE                          |
        | a CANCEL of nothing                          |
        | a method that nobody knows                   |
        | a malformed start line                       |
        | a malformed header                           |
        | an unknown version                           |
        | no end of the header                         |
        | a header of 60,000 octets                    |
      Then all that came of each has at most twice its octets
