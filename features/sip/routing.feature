Feature: Loops and hops
  A request that cannot get anywhere is stopped, and its sender is told why.

  @sip.loop
  Rule: A request that comes back into the proxy is answered with 482

    Scenario: The voice platform sends a call back unchanged
      Given a voice application with password authentication
      When it is called with its password, and the voice platform sends the call back
      Then the call is refused with 482
      And the voice platform gets 482 too

    Scenario: The call came by a Route that names the service, and comes back without it
      Given a voice application enabled with
        | allowedSourceIps | ["0.0.0.0/0"] |
      When it is called with Max-Forwards 5, by a Route that names the service, and the called side sends the call back, unchanged
      Then it ends in 482 or 483, after at most 1 INVITEs to the called side

    Scenario: The voice platform sends a call back under another Request-URI
      Given a voice application enabled with
        | allowedSourceIps | ["0.0.0.0/0"] |
      When it is called with Max-Forwards 5, and the called side sends the call back, under a new Request-URI each time
      Then what comes back is not taken for a loop

    Scenario: A proxy of the called side sends a call back that rings
      Given a voice application with password authentication
      When a call with its password rings
      And the called side sends the INVITE of that call back, with
        | its Vias in one line                      |
        | its Vias in lines of their own            |
        | its Vias in one line, by their short name |
        | a Route that names the service            |
      Then each is refused as a loop
      And the caller can still give up

    Scenario: A proxy of the called side sends a call on by another way
      Given a voice application with password authentication
      When a call with its password rings
      And the called side sends the INVITE of that call back, with
        | a Route that leads on                         |
        | a Route that leads over the service           |
        | a Route that leads over the service, in lines |
      Then none is taken for a loop
      And the caller can still give up

  @sip.hops
  Rule: A request that may not travel any further is answered with 483

    @smoke
    Scenario: Max-Forwards is 0
      Given a voice application with password authentication
      When it is called with Max-Forwards 0
      Then the call is refused with 483
      And nothing reaches the voice platform

    Scenario: Max-Forwards is 0, whatever proves the caller
      Given a voice application with password authentication
      When INVITEs come with Max-Forwards 0, and with
        | no credentials   |
        | its password     |
        | a wrong password |
      Then each of them is answered with 483
      And none is passed on

    Scenario: Max-Forwards is 0 in OPTIONS, which is answered in any case
      When OPTIONS comes with Max-Forwards 0
      Then it is answered with 483, or with 200 "Keepalive"

    Scenario: Max-Forwards is 0 in a call
      Given a voice application with password authentication
      When a call with its password is answered
      And the caller sends INVITE, INFO and BYE of that call with Max-Forwards 0
      Then each of them is answered with 483
      And the caller can still change the session, and end the call

  @sip.hops.before-auth
  Rule: Loops and hops are checked before any challenge

    Scenario: Max-Forwards is 0, and there are no credentials
      Given a voice application with password authentication
      When it is called with Max-Forwards 0
      Then the call is refused with 483
      And no challenge was sent

    Scenario: The copy that comes back has no credentials either
      Given a voice application with password authentication
      When it is called with its password, and the voice platform sends the call back
      Then the voice platform gets 482 too

  @sip.hops.decrement
  Rule: A delivered INVITE may make one hop less

    Scenario: From 70 to 69
      Given a voice application with password authentication
      When it is called with its password
      Then the INVITE reaches the voice platform with Max-Forwards 69

    Scenario: No Max-Forwards
      Given a voice application with password authentication
      When it is called with its password and without Max-Forwards
      Then the INVITE reaches the voice platform with Max-Forwards 70

    Scenario: From the ends of its range
      Given a voice application with password authentication
      When INVITEs come with its password, and with Max-Forwards
        | 1    |
        | 2    |
        | 255  |
        | none |
      Then each reaches the voice platform with one hop less, or with 70

    Scenario: In a call
      Given a voice application with password authentication
      When a call with its password is answered
      And the caller changes the session, with Max-Forwards
        | 1    |
        | 2    |
        | 255  |
        | none |
      Then each reaches the voice platform with one hop less, or with 70
