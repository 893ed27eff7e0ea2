Feature: Source addresses
  An application may know its callers by source address: a list of public IPv4 prefixes in canonical form.

  @app.cidr.accepted
  Rule: Public prefixes in canonical form are accepted

    Scenario Outline: <prefix>, <kind>
      Given a voice application
      When the client allows calls from <prefix> only
      Then the API grants it
      And its allowed sources are <prefix>

      Examples:
        | prefix          | kind                      |
        | 203.0.113.0/24  | a public network          |
        | 198.51.100.5/32 | a single public address   |
        | 0.0.0.0/0       | everybody, by free choice |

    Scenario Outline: <prefix>, of <bits> bits
      Given a voice application
      When the client allows calls from <prefix> only
      Then the API grants it
      And its allowed sources are <prefix>

      Examples: Every length that a public prefix can have
        | bits | prefix        |
        | 3    | 32.0.0.0/3    |
        | 4    | 48.0.0.0/4    |
        | 5    | 40.0.0.0/5    |
        | 6    | 36.0.0.0/6    |
        | 7    | 34.0.0.0/7    |
        | 8    | 33.0.0.0/8    |
        | 9    | 32.128.0.0/9  |
        | 10   | 32.64.0.0/10  |
        | 11   | 32.32.0.0/11  |
        | 12   | 32.16.0.0/12  |
        | 13   | 32.8.0.0/13   |
        | 14   | 32.4.0.0/14   |
        | 15   | 32.2.0.0/15   |
        | 16   | 32.1.0.0/16   |
        | 17   | 32.0.128.0/17 |
        | 18   | 32.0.64.0/18  |
        | 19   | 32.0.32.0/19  |
        | 20   | 32.0.16.0/20  |
        | 21   | 32.0.8.0/21   |
        | 22   | 32.0.4.0/22   |
        | 23   | 32.0.2.0/23   |
        | 24   | 32.0.1.0/24   |
        | 25   | 32.0.0.128/25 |
        | 26   | 32.0.0.64/26  |
        | 27   | 32.0.0.32/27  |
        | 28   | 32.0.0.16/28  |
        | 29   | 32.0.0.8/29   |
        | 30   | 32.0.0.4/30   |
        | 31   | 32.0.0.2/31   |
        | 32   | 32.0.0.1/32   |

  @app.cidr.rejected
  Rule: Other prefixes are refused with the reason

    Scenario Outline: <prefix>, <kind>
      Given a voice application
      When the client allows calls from <prefix> only
      Then the API answers 400
      And the error says "<reason>"
      And the application is still disabled

      Examples:
        | prefix         | kind                   | reason     |
        | 192.168.1.5/24 | bits beyond the prefix | host bits  |
        | 203.0.113.5/24 | bits beyond the prefix | host bits  |
        | 10.0.0.0/8     | a private network      | private    |
        | 172.16.0.0/12  | a private network      | private    |
        | 192.168.0.0/16 | a private network      | private    |
        | 127.0.0.0/8    | the loopback network   | loopback   |
        | 169.254.0.0/16 | the link-local network | link-local |
        | ::1/128        | an IPv6 prefix         | IPv6       |

  @app.cidr.malformed
  Rule: What is no canonical prefix is refused, and the entry is named

    Scenario Outline: <entry>, <what>
      Given a voice application
      When the client lists 203.0.113.0/24 and then <entry>
      Then the API answers 400
      And the error is about allowedSourceIps[1]
      And the application is still disabled

      Examples:
        | entry                               | what                         |
        | "203.0.113.7"                       | no prefix length             |
        | "198.51.100.0/"                     | nothing after the slash      |
        | "/24"                               | nothing before the slash     |
        | "198.51.100.0/33"                   | a length over 32             |
        | "198.51.100.0/-1"                   | a negative length            |
        | "198.51.100.0/24/24"                | two lengths                  |
        | "198.51.100.0/24.0"                 | a length with a fraction     |
        | "198.51.100.0/+24"                  | a length with a sign         |
        | "198.51.100.0/2e1"                  | a length with an exponent    |
        | "198.51.100.0/0x18"                 | a hexadecimal length         |
        | "198.51.100.0/024"                  | a length with a leading zero |
        | "198.51.100.0/255.255.255.0"        | a network mask               |
        | "198.51.100/24"                     | three octets                 |
        | "198.51.100.0.0/24"                 | five octets                  |
        | "198.51..0/24"                      | an empty octet               |
        | "256.51.100.0/24"                   | an octet over 255            |
        | "198.51.100.-1/32"                  | a negative octet             |
        | "198.51.100.007/32"                 | an octet with leading zeros  |
        | "0198.51.100.0/24"                  | so the first octet           |
        | "0306.063.0144.0/24"                | octal octets                 |
        | "0xc6.0x33.0x64.0/24"               | hexadecimal octets           |
        | "0xc6336400/24"                     | one hexadecimal number       |
        | "3325256704/24"                     | one decimal number           |
        | "198.51.100.0 /24"                  | a blank before the slash     |
        | " 198.51.100.0/24"                  | a blank before it            |
        | "198.51.100.0/24 "                  | a blank after it             |
        | "198.51.100.0/24\\t"                | a tab after it               |
        | "198.51.100.0/24\\n"                | a line end after it          |
        | "198.51.100.0/24\\u0000"            | a NUL after it               |
        | "\\u0661\\u0669\\u0668.51.100.0/24" | digits of another script     |
        | "198.51.100.0-198.51.100.255"       | a range                      |
        | "198.51.100.*"                      | a wildcard                   |
        | "198.51.100.0/24,192.0.2.0/24"      | two in one                   |
        | "customers.example"                 | a host name                  |
        | "::ffff:198.51.100.0/120"           | an IPv4 prefix in IPv6 form  |
        | "2001:db8::/32"                     | an IPv6 prefix               |
        | ""                                  | an empty string              |
        | 7                                   | a number                     |
        | true                                | a boolean                    |
        | null                                | null                         |
        | {}                                  | an object                    |
        | ["198.51.100.0/24"]                 | a list                       |

    Scenario Outline: Host bits of a prefix of <bits> bits: the lowest, and the highest
      Given a voice application
      When the client enables it with allowedSourceIps ["<lowest>", "<highest>"]
      Then the API answers 400
      And there is one error about each of
        | allowedSourceIps[0] |
        | allowedSourceIps[1] |
      And the application is still disabled

      Examples:
        | bits | lowest        | highest       |
        | 0    | 0.0.0.1/0     | 128.0.0.0/0   |
        | 1    | 128.0.0.1/1   | 192.0.0.0/1   |
        | 2    | 64.0.0.1/2    | 96.0.0.0/2    |
        | 3    | 32.0.0.1/3    | 48.0.0.0/3    |
        | 4    | 48.0.0.1/4    | 56.0.0.0/4    |
        | 5    | 40.0.0.1/5    | 44.0.0.0/5    |
        | 6    | 36.0.0.1/6    | 38.0.0.0/6    |
        | 7    | 34.0.0.1/7    | 35.0.0.0/7    |
        | 8    | 33.0.0.1/8    | 33.128.0.0/8  |
        | 9    | 32.128.0.1/9  | 32.192.0.0/9  |
        | 10   | 32.64.0.1/10  | 32.96.0.0/10  |
        | 11   | 32.32.0.1/11  | 32.48.0.0/11  |
        | 12   | 32.16.0.1/12  | 32.24.0.0/12  |
        | 13   | 32.8.0.1/13   | 32.12.0.0/13  |
        | 14   | 32.4.0.1/14   | 32.6.0.0/14   |
        | 15   | 32.2.0.1/15   | 32.3.0.0/15   |
        | 16   | 32.1.0.1/16   | 32.1.128.0/16 |
        | 17   | 32.0.128.1/17 | 32.0.192.0/17 |
        | 18   | 32.0.64.1/18  | 32.0.96.0/18  |
        | 19   | 32.0.32.1/19  | 32.0.48.0/19  |
        | 20   | 32.0.16.1/20  | 32.0.24.0/20  |
        | 21   | 32.0.8.1/21   | 32.0.12.0/21  |
        | 22   | 32.0.4.1/22   | 32.0.6.0/22   |
        | 23   | 32.0.2.1/23   | 32.0.3.0/23   |
        | 24   | 32.0.1.1/24   | 32.0.1.128/24 |
        | 25   | 32.0.0.129/25 | 32.0.0.192/25 |
        | 26   | 32.0.0.65/26  | 32.0.0.96/26  |
        | 27   | 32.0.0.33/27  | 32.0.0.48/27  |
        | 28   | 32.0.0.17/28  | 32.0.0.24/28  |
        | 29   | 32.0.0.9/29   | 32.0.0.12/29  |
        | 30   | 32.0.0.5/30   | 32.0.0.6/30   |

    Scenario: The host bit of a prefix of 31 bits
      Given a voice application
      When the client lists 203.0.113.0/24 and then "32.0.0.3/31"
      Then the API answers 400
      And the error is about allowedSourceIps[1]
      And the application is still disabled

    Scenario: 25 entries of which two are equal
      Given a voice application
      When the client allows calls from 25 addresses, the last one like the first
      Then the API answers 400
      And the error is about allowedSourceIps[24] or allowedSourceIps[0]
      And the application is still disabled

    Scenario: The same prefix twice
      Given a voice application
      When the client enables it with allowedSourceIps ["203.0.113.0/24", "198.51.100.0/24", "203.0.113.0/24"]
      Then the API answers 400
      And the error is about allowedSourceIps[2] or allowedSourceIps[0]
      And the application is still disabled

    Scenario: Several entries are wrong
      Given a voice application
      When the client enables it with allowedSourceIps ["203.0.113.0/24", "198.51.100.0/33", "192.0.2.0/24", "x"]
      Then the API answers 400
      And there is one error about each of
        | allowedSourceIps[1] |
        | allowedSourceIps[3] |

    Scenario: A private network, named like any other
      Given a voice application
      When the client lists 203.0.113.0/24 and then "10.0.0.0/8"
      Then the API answers 400
      And the error is about allowedSourceIps[1]

    Scenario: A wrong entry for an enabled application
      Given a voice application enabled with
        | allowedSourceIps | ["203.0.113.0/25"] |
      When the client lists 203.0.113.0/24 and then "198.51.100.7"
      Then the API answers 400
      And nothing about it has changed

  @app.cidr.reasons
  Rule: A refusal says in words what is wrong

    Scenario Outline: <entry>, <what>
      Given a voice application
      When the client lists 203.0.113.0/24 and then <entry>
      Then the API answers 400
      And the error says "<words>"

      Examples:
        | entry              | what                         | words           |
        | "198.51.100.7"     | no length                    | prefix length   |
        | "198.51.100.0/"    | nothing after the slash      | prefix length   |
        | "198.51.100.0/x"   | a length that is no number   | prefix length   |
        | "198.51.100.0/33"  | a length over 32             | prefix length   |
        | "198.51.100.0/024" | a length with a leading zero | leading zero    |
        | "198.51.100.00/32" | an octet with a leading zero | leading zero    |
        | "198.51.100/24"    | three octets                 | octets          |
        | "198.51.256.0/24"  | an octet over 255            | 255             |
        | "198.51.100.0 /24" | a blank in it                | blank           |
        | ""                 | nothing                      | empty           |
        | "198.51.100.7/24"  | bits beyond the prefix       | host bits       |
        | "198.51.100.9/28"  | which prefix is meant        | 198.51.100.0/28 |
        | "2001:db8::/32"    | an IPv6 prefix               | IPv6            |
        | "203.0.113.0/24"   | the same again               | already         |
        | "10.20.0.0/16"     | a part of a private network  | 10.0.0.0/8      |
        | "8.0.0.0/6"        | more than a private network  | 10.0.0.0/8      |
        | "127.0.0.0/8"      | the loopback network         | not public      |

    Scenario: A list that is too long
      Given a voice application
      When the client allows calls from 26 addresses
      Then the API answers 400
      And the error says "25"

  @app.cidr.non-public
  Rule: A prefix that is not public, or not wholly, is refused

    Scenario Outline: <prefix>, <kind>
      Given a voice application
      When the client allows calls from <prefix> only
      Then the API answers 400
      And the error is about allowedSourceIps
      And the application is still disabled

      Examples: Ranges that are not public, and their edges
        | prefix             | kind                                       |
        | 0.0.0.0/8          | this network                               |
        | 0.0.0.0/32         | this host                                  |
        | 0.255.255.255/32   | its last address                           |
        | 10.255.255.255/32  | the last private address of 10.0.0.0/8     |
        | 100.64.0.0/10      | shared address space                       |
        | 100.64.0.0/32      | its first address                          |
        | 100.127.255.255/32 | its last address                           |
        | 127.0.0.1/32       | the loopback address                       |
        | 169.254.255.255/32 | the last link-local address                |
        | 172.31.255.255/32  | the last private address of 172.16.0.0/12  |
        | 192.0.0.0/24       | IETF protocol assignments                  |
        | 192.0.0.255/32     | its last address                           |
        | 192.88.99.0/24     | the deprecated 6to4 relays                 |
        | 192.88.99.255/32   | its last address                           |
        | 192.168.255.255/32 | the last private address of 192.168.0.0/16 |
        | 198.18.0.0/15      | benchmarking                               |
        | 198.18.67.33/32    | an address of it                           |
        | 198.19.255.255/32  | its last address                           |
        | 224.0.0.0/4        | multicast                                  |
        | 239.255.255.255/32 | its last address                           |
        | 240.0.0.0/4        | reserved                                   |
        | 240.0.0.0/32       | its first address                          |
        | 255.255.255.255/32 | limited broadcast                          |

      Examples: Ranges that overlap one of them
        | prefix        | kind                             |
        | 0.0.0.0/1     | half of all addresses            |
        | 128.0.0.0/1   | the other half                   |
        | 8.0.0.0/5     | around 10.0.0.0/8                |
        | 10.0.0.0/7    | 10.0.0.0/8 and 11.0.0.0/8        |
        | 100.0.0.0/8   | around 100.64.0.0/10             |
        | 126.0.0.0/7   | up to loopback                   |
        | 169.0.0.0/8   | around link-local                |
        | 172.0.0.0/8   | around 172.16.0.0/12             |
        | 192.0.0.0/8   | around several                   |
        | 192.0.0.0/22  | around IETF protocol assignments |
        | 192.88.0.0/16 | around the 6to4 relays           |
        | 198.16.0.0/12 | around benchmarking              |
        | 192.0.0.0/2   | up to the last address           |

    Scenario Outline: <prefix>, <kind>, is accepted
      Given a voice application
      When the client allows calls from <prefix> only
      Then the API grants it
      And its allowed sources are <prefix>

      Examples: Special, but public
        | prefix          | kind                           |
        | 192.0.2.0/24    | documentation                  |
        | 198.51.100.0/24 | documentation                  |
        | 203.0.113.0/24  | documentation                  |
        | 192.31.196.0/24 | a name server of everybody     |
        | 192.52.193.0/24 | a multicast relay of everybody |
        | 192.175.48.0/24 | a name server of everybody     |

      Examples: Right beside a range that is not public
        | prefix             | kind                             |
        | 1.0.0.0/8          | after this network               |
        | 9.255.255.255/32   | before 10.0.0.0/8                |
        | 11.0.0.0/8         | after 10.0.0.0/8                 |
        | 100.63.255.255/32  | before shared address space      |
        | 100.128.0.0/16     | after shared address space       |
        | 126.255.255.255/32 | before loopback                  |
        | 128.0.0.0/16       | after loopback                   |
        | 169.253.255.255/32 | before link-local                |
        | 169.255.0.0/16     | after link-local                 |
        | 172.15.255.255/32  | before 172.16.0.0/12             |
        | 172.32.0.0/16      | after 172.16.0.0/12              |
        | 191.255.255.255/32 | before IETF protocol assignments |
        | 192.0.1.0/24       | after IETF protocol assignments  |
        | 192.88.98.0/24     | before the 6to4 relays           |
        | 192.88.100.0/24    | after the 6to4 relays            |
        | 192.167.255.255/32 | before 192.168.0.0/16            |
        | 192.169.0.0/16     | after 192.168.0.0/16             |
        | 198.17.255.255/32  | before benchmarking              |
        | 198.20.0.0/24      | after benchmarking               |
        | 223.255.255.255/32 | before multicast                 |
