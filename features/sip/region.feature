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

    Scenario Outline: From <address>, just outside of <region>
      Given a voice application with password authentication for the region <region>
      When it is called from <address> with its password at once
      Then the call is refused with 401

      Examples:
        | region | address        |
        | US     | 203.0.113.128  |
        | EU     | 203.0.113.127  |
        | US     | 198.51.100.255 |
        | EU     | 198.51.100.0   |

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

    Scenario Outline: From <address>, at the edge of <region>
      Given a voice application with password authentication for the region <region>
      When it is called from <address> with its password
      Then the call is set up

      Examples:
        | region | address       |
        | US     | 203.0.113.0   |
        | US     | 203.0.113.127 |
        | EU     | 203.0.113.128 |
        | EU     | 203.0.113.255 |

  @sip.region.update
  Rule: A change of the regions holds for the next call

    Scenario: The caller's region leaves the list
      Given a voice application with password authentication for the region US
      When the US customer calls it with its password
      And the client allows the region EU only
      And the US customer calls it with its password at once
      Then the first call was set up
      And the call is refused with 401

    Scenario: The caller's region leaves the list, and whoever calls is let in
      Given a voice application enabled with
        | allowedSourceIps | ["0.0.0.0/0"] |
        | allowedRegions   | ["US", "EU"]  |
      When the EU customer calls it without credentials
      And the client allows the region US only
      And the EU customer calls it without credentials
      Then the first call was set up
      And the call is refused with 401

    Scenario: The list becomes empty
      Given a voice application with password authentication for the region US
      When the US customer calls it with its password
      And the client sets allowedRegions to []
      And the EU customer calls it with its password
      Then the first call was set up
      And the call is set up

    Scenario: The caller's region comes onto the list
      Given a voice application with password authentication for the region US
      When the client allows the region EU only
      And the EU customer calls it with its password
      Then the call is set up
