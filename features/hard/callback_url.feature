Feature: Callback URLs
  The service calls the URLs that customers give it, from inside its own network. None of them may lead back into it.

  @hard.callback-url
  Rule: A callback URL with an address that is not public is refused, at creation and at change

    Scenario Outline: <url>
      Given a voice application
      When the client sets callInitiatedCallbackUrl to "<url>"
      Then the API answers 400
      And the error is about callInitiatedCallbackUrl
      And nothing about it has changed

      Examples: Loopback
        | url                           |
        | http://127.0.0.1/initiate     |
        | https://127.9.8.7:8443/       |
        | http://localhost/initiate     |
        | http://LOCALHOST:8080/        |
        | http://localhost./initiate    |
        | http://localhost../initiate   |
        | http://calls.localhost/       |
        | http://Calls.LocalHost.:80/   |
        | http://127.255.255.255/       |
        | http://0.0.0.0/initiate       |
        | http://[::1]/initiate         |
        | http://[0:0:0:0:0:0:0:1]:8080 |
        | http://[::]/initiate          |

      Examples: Private
        | url                                |
        | http://10.0.0.1/initiate           |
        | http://10.255.255.255/initiate     |
        | http://172.16.0.1/initiate         |
        | http://172.31.255.254/initiate     |
        | http://192.168.0.1/initiate        |
        | http://192.168.255.255:8443        |
        | http://100.64.0.1/initiate         |
        | http://100.127.255.255/initiate    |
        | http://[fd00::1]/initiate          |
        | http://[fc00:1234::1]:443/initiate |

      Examples: Link-local
        | url                             |
        | http://169.254.169.254/latest   |
        | http://169.254.0.1:80/initiate  |
        | http://169.254.255.255?initiate |
        | http://[fe80::1]/initiate       |
        | http://[febf:ffff::1]/initiate  |
        | http://[fec0::1]/initiate       |

      Examples: Not a host's address
        | url                             |
        | http://224.0.0.1/initiate       |
        | http://240.0.0.1/initiate       |
        | http://239.255.255.255/initiate |
        | http://255.255.255.255/initiate |
        | http://192.0.0.1/initiate       |
        | http://198.19.255.255#initiate  |
        | http://[ff02::1]/initiate       |

      Examples: The same addresses in another notation
        | url                                 |
        | http://2852039166/latest            |
        | http://0xa9fea9fe/latest            |
        | http://0251.0376.0251.0376/latest   |
        | http://0xa9.0xfe.0xa9.0xfe/latest   |
        | http://169.254.43518/latest         |
        | http://127.1/initiate               |
        | http://2130706433/initiate          |
        | http://127.0.0.1./initiate          |
        | http://%31%32%37.0.0.1/initiate     |
        | http://[::ffff:10.0.0.1]/initiate   |
        | http://[::FFFF:a9fe:a9fe]/latest    |
        | http://[::127.0.0.1]/initiate       |
        | http://[64:ff9b::10.0.0.1]/initiate |
        | http://[64:ff9b::a9fe:a9fe]/latest  |
        | http://[2002:a00:1::1]/initiate     |
        | http://10.1/initiate                |
        | http://012.0.0.1/initiate           |
        | http://0x0a.1/initiate              |
        | http://0/initiate                   |
        | HTTP://10.0.0.1/initiate            |
        | http://\uff11\uff10.0.0.1/initiate  |
        | http://10\u30020\u30020\u30021/     |

      Examples: A user name
        | url                                                  |
        | https://somebody@callbacks.example/initiate          |
        | https://somebody:password@callbacks.example/initiate |
        | https://callbacks.example:443@10.0.0.1/initiate      |
        | https://callbacks.example%40evil@callbacks.example/  |
        | https://s@callbacks.example                          |
        | HTTPS://somebody@callbacks.example?initiate          |
        | https://:password@callbacks.example/initiate         |
        | https://callbacks.example@localhost/initiate         |
        | https://callbacks.example\\\\@10.0.0.1/initiate      |

      Examples: A control character
        | url                                                     |
        | https://callbacks.example/\u0000initiate                |
        | https://callbacks.example/\u0007initiate                |
        | https://callbacks.example/initiate\u007f                |
        | https://callbacks.example/\u000d\u000aHost:%20elsewhere |
        | https://callbacks\u0009.example/initiate                |

    Scenario Outline: <field> of an application is set to <url>
      Given a voice application with password authentication
      When the client sets <field> to "<url>"
      Then the API answers 400
      And the error is about <field>
      And nothing about it has changed

      Examples:
        | field                    | url                                   |
        | callInitiatedFallbackUrl | http://127.0.0.1/fallback             |
        | callInitiatedFallbackUrl | http://[::ffff:10.0.0.1]/fallback     |
        | callStatusCallbackUrl    | http://0xa9fea9fe/status              |
        | callStatusCallbackUrl    | https://me:you@callbacks.example/stat |

    Scenario Outline: A new application with <field> <url>
      When the client creates an application with these callback URLs
        | callInitiatedCallbackUrl | https://callbacks.example/initiate |
        | <field>                  | <url>                              |
      Then the API answers 400
      And the error is about <field>

      Examples:
        | field                    | url                                |
        | callInitiatedCallbackUrl | http://10.0.0.1/initiate           |
        | callInitiatedCallbackUrl | http://2852039166/latest           |
        | callInitiatedFallbackUrl | http://[fd00::1]/fallback          |
        | callInitiatedFallbackUrl | http://localhost/fallback          |
        | callStatusCallbackUrl    | http://192.168.1.1/status          |
        | callStatusCallbackUrl    | https://me@callbacks.example/      |

    Scenario: Two of them, and a setting that is right
      Given a voice application
      When the client changes it to
        | applicationName          | "renamed"                     |
        | callInitiatedFallbackUrl | "http://10.0.0.1/fallback"    |
        | callStatusCallbackUrl    | "http://169.254.169.254/stat" |
      Then the API answers 400
      And there is one error about each of
        | callInitiatedFallbackUrl |
        | callStatusCallbackUrl    |
      And nothing about it has changed

    Scenario Outline: A host name is taken: <url>
      Given a voice application
      When the client sets callStatusCallbackUrl to "<url>"
      Then the API grants it
      And nothing but callStatusCallbackUrl has changed

      Examples:
        | url                                            |
        | https://callbacks.example/status               |
        | https://callbacks.example:8443/status?of=calls |
        | https://localhost.callbacks.example/           |
        | https://10.callbacks.example/                  |
        | https://callbacks.example/?to=http://10.0.0.1/ |
        | https://callbacks.example/somebody@somewhere   |
        | https://callbacks.example?of=me@somewhere      |
        | https://callbacks.example#me@somewhere         |
        | https://callbacks.example/?to=http://me@there/ |
        | https://callbacks.example./status              |
        | https://notlocalhost.example/                  |
        | https://10.0.0.1.callbacks.example/            |
        | http://callbacks-of-127-0-0-1.example:8080     |
