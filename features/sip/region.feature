Feature: Regions
  An application may take calls from some regions of the world only.

  @sip.region.refused
  Rule: A call from a region that is not allowed is refused

    Scenario: Another region, with the right password
      Given a voice application with password authentication for the region US
      When the EU customer calls it with its password at once
      Then the call is refused with 401
      And nothing reaches the voice platform

    Scenario: An unknown region, with the right password
      Given a voice application with password authentication for the region US
      When the customer of no known region calls it with its password at once
      Then the call is refused with 401
      And nothing reaches the voice platform

    Scenario: Another region, from a listed address
      Given a voice application open to the EU customer's address only, for the region US
      When the EU customer calls it without credentials
      Then the call is refused with 401
      And nothing reaches the voice platform

  @sip.region.allowed
  Rule: A call from an allowed region goes through

    @smoke
    Scenario: The only region allowed
      Given a voice application with password authentication for the region US
      When the US customer calls it with its password
      Then the call is set up

    Scenario Outline: <region>, one of several
      Given a voice application with password authentication for the regions US and EU
      When the <region> customer calls it with its password
      Then the call is set up

      Examples:
        | region |
        | US     |
        | EU     |

  @sip.region.update
  Rule: A change of the regions holds for the next call

    Scenario: The caller's region leaves the list
      Given a voice application with password authentication for the region US
      When the US customer calls it with its password
      And the client allows the region EU only
      And the US customer calls it with its password at once
      Then the first call was set up
      And the call is refused with 401

    Scenario: The caller's region comes onto the list
      Given a voice application with password authentication for the region US
      When the client allows the region EU only
      And the EU customer calls it with its password
      Then the call is set up
