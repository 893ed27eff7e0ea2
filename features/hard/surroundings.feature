Feature: When the machine has nothing left
  A service that lacks what its machine gives says so to whoever calls, lives on, and serves everybody once it has it
  again.

  @hard.descriptors
  Rule: No descriptor left is no reason to fall silent

    @long @flood @alone
    Scenario: Calls and connections while none is left, and afterwards
      Given a voice application with password authentication
      When the target can open no more descriptors
      And 16 strangers open 100 TCP connections and keep them open by line breaks
      And it is called with its password
      Then the call is set up or refused with 5xx
      When the target can open descriptors again
      And it is called with its password
      Then the call is set up
      When it is called over TCP with its password
      Then the call is set up
      When the client reads it
      Then the API grants it
