Feature: Loops and hops
  A request that cannot get anywhere is stopped, and its sender is told why.

  @sip.loop
  Rule: A request that comes back into the proxy is answered with 482

    Scenario: The voice platform sends a call back unchanged
      Given a voice application with password authentication
      When it is called with its password, and the voice platform sends the call back
      Then the call is refused with 482
      And the voice platform gets 482 too

  @sip.hops
  Rule: A request that may not travel any further is answered with 483

    @smoke
    Scenario: Max-Forwards is 0
      Given a voice application with password authentication
      When it is called with Max-Forwards 0
      Then the call is refused with 483
      And nothing reaches the voice platform

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
