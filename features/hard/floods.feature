Feature: Strangers in great number
  Whoever has proved nothing may ask, as often as it likes. It may neither fill the service's memory nor take the place
  of a customer.

  @hard.flood.memory
  Rule: A flood does not fill the memory, and good calls work during it and after it

    @long @flood @last
    Scenario: Large requests over UDP
      Given a voice application with password authentication
      When 16 strangers send OPTIONS, INVITEs and REGISTERs of 30 kB, 500 a second for 6 seconds
      And it is called with its password until the flood is over, and once more
      Then each of the calls is set up
      And the target's memory has levelled off

    @long @flood @last
    Scenario: Messages over TCP that never end
      Given a voice application with password authentication
      When 16 strangers begin messages of 45 kB over TCP and do not end them, 480 a second for 6 seconds
      And it is called over TCP with its password until the flood is over, and once more
      Then each of the calls is set up
      And the target's memory has levelled off

  @hard.strangers.slots
  Rule: No stranger takes a customer's place

    @long @flood
    Scenario Outline: Requests that nobody acknowledges, from <source>
      Given a voice application with password authentication
      And a customer who has called it 10 times
      When <strangers> strangers send INVITEs and OPTIONS without credentials, 500 a second for 6 seconds
      And the customer calls it until the flood is over, and 10 times more
      Then the customer's calls are answered as before the flood
      And they are answered at once
      When it is called with its password
      Then the call is set up

      Examples:
        | source           | strangers |
        | one address      | 1         |
        | sixteen prefixes | 16        |

    @long @flood
    Scenario: TCP connections that are kept open by line breaks
      Given a voice application with password authentication
      And a customer who has called it over a TCP connection that stays open
      When 16 strangers open 4200 TCP connections and keep them open by line breaks
      Then the customer is answered over the open connection
      When it is called over TCP with its password
      Then the call is set up

    @flood
    Scenario: A client that has asked, among connections that are kept open by line breaks
      Given a voice application with password authentication
      When 16 strangers open 1000 TCP connections and keep them open by line breaks
      And a client asks OPTIONS over a TCP connection that stays open
      And the strangers go on with line breaks, and open 60 connections more
      Then the client is answered over the open connection
