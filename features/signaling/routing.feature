Feature: Loops and hops
  A request that cannot get anywhere is stopped, and its sender is told why.

  @sip.loop
  Rule: A request that comes back into the proxy is answered with 482

    Scenario: The voice platform sends a call back unchanged
      Given a voice application with password authentication
      When it is called with its password, and the voice platform sends the call back
      Then the call is refused with 482
      And the voice platform was told 482 too

  @sip.hops
  Rule: A request that may not travel any further is answered with 483

    Scenario: Max-Forwards is 0
      Given a voice application with password authentication
      When it is called with Max-Forwards 0
      Then the call is refused with 483
      And nothing reaches the voice platform
