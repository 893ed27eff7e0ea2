Feature: Authentication by source address
  An application may trust addresses instead of a password, or ask for both.

  @sip.ip.no-challenge
  Rule: A call from a listed address is set up without a challenge

    @smoke
    Scenario: Source addresses alone
      Given a voice application open to the US customer's address only
      When the US customer calls it without credentials
      Then the call is set up
      And no challenge was sent

    Scenario: With credentials nobody asked for
      Given a voice application open to the US customer's address only
      When the US customer calls it with credentials nobody asked for
      Then the call is set up
      And no challenge was sent

    Scenario Outline: Listed at the <place> place
      Given a voice application enabled with
        | allowedSourceIps | <list> |
      When it is called from 203.0.113.9 without credentials
      Then the call is set up
      And no challenge was sent

      Examples:
        | place  | list                                                  |
        | first  | ["203.0.113.9/32", "192.0.2.0/25", "198.51.100.7/32"] |
        | second | ["192.0.2.0/25", "203.0.113.9/32", "198.51.100.7/32"] |
        | last   | ["198.51.100.7/32", "192.0.2.0/25", "203.0.113.0/28"] |
        | last   | ["192.0.2.0/26", "192.0.2.64/27", "203.0.113.9/32"]   |

  @sip.ip.not-listed
  Rule: A call from any other address is refused without a challenge

    @smoke
    Scenario: Source addresses alone
      Given a voice application open to the US customer's address only
      When the EU customer calls it without credentials
      Then the call is refused with 401
      And no challenge was sent
      And nothing reaches the voice platform

    Scenario: With credentials nobody asked for
      Given a voice application open to the US customer's address only
      When the EU customer calls it with credentials nobody asked for
      Then the call is refused with 401
      And no challenge was sent
      And nothing reaches the voice platform

    Scenario Outline: Beside the addresses of a list, from <address>
      Given a voice application enabled with
        | allowedSourceIps | ["203.0.113.9/32", "198.51.100.0/28", "203.0.113.64/28"] |
      When it is called from <address> without credentials
      Then the call is refused with 401
      And nothing reaches the voice platform

      Examples:
        | address       |
        | 203.0.113.8   |
        | 203.0.113.63  |
        | 203.0.113.80  |
        | 198.51.100.16 |

    Scenario: Listed by an application of another account
      Given a voice application open to the US customer's address only
      And a voice application of another account, open to the EU customer's address only
      When the EU customer calls it without credentials
      Then the call is refused with 401
      And nothing reaches the voice platform

  @sip.layered.both
  Rule: With both asked for, the right password from a listed address goes through

    Scenario: Both right
      Given a voice application with password authentication, open to the US customer's address only
      When the US customer calls it with its password
      Then the call is set up

  @sip.layered.ip-fails
  Rule: With both asked for, the right password from another address does not go through

    Scenario: Only the password right
      Given a voice application with password authentication, open to the US customer's address only
      When the EU customer calls it with its password at once
      Then the call is refused with 401
      And nothing reaches the voice platform

  @sip.layered.digest-fails
  Rule: With both asked for, a wrong password from a listed address does not go through

    Scenario: Only the address right
      Given a voice application with password authentication, open to the US customer's address only
      When the US customer calls it with a wrong password
      Then the call is refused with 401
      And nothing reaches the voice platform

  @sip.ip.prefix-edges
  Rule: A prefix holds its first and its last address, and none beside it

    Scenario Outline: 203.0.113.64/28, called from <address>
      Given a voice application open to 203.0.113.64/28 only
      When it is called from <address> without credentials
      Then the call is set up

      Examples:
        | address      |
        | 203.0.113.64 |
        | 203.0.113.79 |

    Scenario Outline: 203.0.113.64/28, called from <address> just outside
      Given a voice application open to 203.0.113.64/28 only
      When it is called from <address> without credentials
      Then the call is refused with 401

      Examples:
        | address      |
        | 203.0.113.63 |
        | 203.0.113.80 |

    Scenario Outline: <prefix>, called from <address>
      Given a voice application open to <prefix> only
      When it is called from <address> without credentials
      Then the call is set up

      Examples: First and last addresses of other lengths
        | prefix           | address       |
        | 203.0.113.0/24   | 203.0.113.255 |
        | 203.0.113.128/25 | 203.0.113.128 |
        | 203.0.113.128/25 | 203.0.113.255 |
        | 203.0.113.62/31  | 203.0.113.62  |
        | 203.0.113.62/31  | 203.0.113.63  |
        | 203.0.113.9/32   | 203.0.113.9   |
        | 200.0.0.0/6      | 203.0.113.9   |

    Scenario Outline: <prefix>, called from <address> just outside
      Given a voice application open to <prefix> only
      When it is called from <address> without credentials
      Then the call is refused with 401

      Examples: The neighbours of other lengths
        | prefix           | address       |
        | 203.0.113.128/25 | 203.0.113.127 |
        | 203.0.113.62/31  | 203.0.113.61  |
        | 203.0.113.62/31  | 203.0.113.64  |
        | 203.0.113.9/32   | 203.0.113.8   |
        | 203.0.113.9/32   | 203.0.113.10  |

    Scenario Outline: 0.0.0.0/0, called from <address>
      Given a voice application open to 0.0.0.0/0 only
      When it is called from <address> without credentials
      Then the call is set up

      Examples:
        | address      |
        | 203.0.113.1  |
        | 198.51.100.9 |

  @sip.source-ips.update
  Rule: A change of the source addresses holds for the next call

    Scenario: The caller's address leaves the list
      Given a voice application open to the US customer's address only
      When the US customer calls it without credentials
      And the client opens it to the EU customer's address only
      And the US customer calls it without credentials
      Then the first call was set up
      And the call is refused with 401

    Scenario: The caller's address leaves the list, and its connection stays
      Given a voice application enabled with
        | allowedSourceIps | ["0.0.0.0/0"] |
      When it is called over one TCP connection without credentials
      And the client opens it to the EU customer's address only
      And it is called over one TCP connection without credentials
      Then those calls are in turn let in, refused

    Scenario: The caller's address leaves the list, beside a password
      Given a voice application with password authentication, open to the US customer's address only
      When the US customer calls it with its password
      And the client opens it to the EU customer's address only
      And the EU customer calls it with its password
      And the US customer calls it with its password at once
      Then the first call was set up
      And the call before the last was set up
      And the call is refused with 401

    Scenario: The caller's address comes onto the list
      Given a voice application open to the US customer's address only
      When the client opens it to the EU customer's address only
      And the EU customer calls it without credentials
      Then the call is set up
