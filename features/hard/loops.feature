Feature: Attacks by loops
  A called side that sends every call back must not make the service work for ever. Each message that comes back is sent
  on as one message more at most.

  @hard.loop.amplification
  Rule: A call that comes back again and again ends

    Scenario: Unchanged
      Given a voice application with password authentication
      When it is called with its password and Max-Forwards 10, and the called side sends the call back, unchanged
      Then it ends in 482 or 483, after at most 2 INVITEs to the called side

    Scenario: Unchanged, and whoever calls is let in
      Given a voice application enabled with
        | allowedSourceIps | ["0.0.0.0/0"] |
      When it is called with Max-Forwards 10, and the called side sends the call back, unchanged
      Then it ends in 482 or 483, after at most 2 INVITEs to the called side

    Scenario: Under the application's other name, and under the first again
      Given a voice application enabled with
        | allowedSourceIps | ["0.0.0.0/0"] |
      When it is called with Max-Forwards 10, and the called side sends the call back, under the two forms of its name in turn
      Then it ends in 482 or 483, after at most 4 INVITEs to the called side

    Scenario: Under names that were never seen
      Given a voice application enabled with
        | allowedSourceIps | ["0.0.0.0/0"] |
      When it is called with Max-Forwards 10, and the called side sends the call back, under a new Request-URI each time
      Then it ends in 482 or 483, after at most 10 INVITEs to the called side
