Feature: TCP
  The same service over a stream, where a message ends where its Content-Length says.

  @sip.tcp
  Rule: Over TCP the same rules hold, wherever segments begin and end

    Scenario: Liveness
      When a client sends OPTIONS to the service over TCP
      Then it is answered with 200 "Keepalive"

    Scenario: From INVITE to BYE
      Given a voice application with password authentication
      When it is called over TCP with its password
      Then the call is set up
      And the call reaches the voice platform

    Scenario: A wrong password
      Given a voice application with password authentication
      When it is called over TCP with a wrong password
      Then the call is refused with 401
      And nothing reaches the voice platform

    Scenario: The called side hangs up
      Given a voice application with password authentication
      When it is called over TCP with its password, and the called side hangs up
      Then the call is set up

    Scenario: The called side goes on, and the caller listens at a port of its own
      Given a voice application with password authentication
      When a call over TCP with its password is set up, its caller listens, and its called side goes on by hand
      Then these requests of that call reach its other side
        | of the called side | INFO   |
        | of the caller      | UPDATE |
        | of the called side | INVITE |
        | of the caller      | INVITE |
        | of the called side | BYE    |

    Scenario: Several messages in one segment
      When a client sends 5 OPTIONS over one connection, all in one segment
      Then 5 answers come over it, each 200 "Keepalive"

    Scenario: One message over many segments
      When a client sends 2 OPTIONS over one connection, an octet a segment
      Then 2 answers come over it, each 200 "Keepalive"

    Scenario: Other ways to write the length
      Given a voice application with password authentication
      When INVITEs come over TCP without credentials, two in one segment, with this in front of the length of both
        | l:␠                |
        | L:␠                |
        | l:                 |
        | l␠:␠               |
        | content-length:␠   |
        | CONTENT-LENGTH:␠   |
        | cOnTeNt-LeNgTh:␠   |
        | Content-Length:    |
        | Content-Length:␠␉␠ |
        | Content-Length␠:␠  |
        | Content-Length␠␉:␠ |
      Then each of them is answered with 407
      And an OPTIONS behind each is answered with 200 "Keepalive"

    Scenario Outline: An INVITE <where>, in two segments with the cut in <place>
      Given a voice application with password authentication
      When INVITEs come over TCP without credentials, each <where> and cut in two at another octet of <place>
      Then each of them is answered with 407
      And an OPTIONS behind each is answered with 200 "Keepalive"

      Examples:
        | where              | place                              |
        | alone              | its Content-Length line            |
        | alone              | the end of its header and its body |
        | behind another one | its Content-Length line            |
        | behind another one | the end of its header and its body |
