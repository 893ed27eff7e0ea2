Feature: Source addresses
  Callers may be told by where they call from: a list of public IPv4 prefixes in canonical form.

  @app.cidr.accepted
  Rule: Public prefixes in canonical form are accepted

    Scenario Outline: <prefix>, <kind>
      Given a voice application
      When the client allows calls from <prefix> only
      Then the API answers 200
      And its allowed sources are <prefix>

      Examples:
        | prefix          | kind                     |
        | 203.0.113.0/24  | a public network         |
        | 198.51.100.5/32 | a single public address  |
        | 0.0.0.0/0       | everybody, by free choice |

  @app.cidr.rejected
  Rule: Other prefixes are refused with the reason

    Scenario Outline: <prefix>, <kind>
      Given a voice application
      When the client allows calls from <prefix> only
      Then the API answers 400
      And the error says "<reason>"
      And the application is still disabled

      Examples:
        | prefix         | kind                     | reason     |
        | 192.168.1.5/24 | bits beyond the prefix   | host bits  |
        | 10.0.0.0/8     | a private network        | private    |
        | 172.16.0.0/12  | a private network        | private    |
        | 192.168.0.0/16 | a private network        | private    |
        | 127.0.0.0/8    | the loopback network     | loopback   |
        | 169.254.0.0/16 | the link-local network   | link-local |
        | ::1/128        | an IPv6 prefix           | IPv6       |
