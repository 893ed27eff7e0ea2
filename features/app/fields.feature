Feature: Fields of an application
  What a client may set has a name and a form. Whatever else it sends is a mistake that it is told of.

  @app.create
  Rule: An application is made of a name and a webhook, and its id is told

    Scenario: With both
      When the client creates an application with
        | applicationName          | "conformance scenario"               |
        | callInitiatedCallbackUrl | "https://callbacks.example/initiate" |
      Then the API grants it
      And the answer tells the id of the application

    Scenario: With every field that it may have
      When the client creates an application with
        | applicationName             | "conformance scenario"                           |
        | callInitiatedCallbackUrl    | "http://callbacks.example/initiate"              |
        | callInitiatedMethod         | "GET"                                            |
        | callInitiatedFallbackUrl    | "https://callbacks.example/fallback"             |
        | callInitiatedFallbackMethod | "POST"                                           |
        | callInitiatedFallbackCreds  | {"userId": "somebody", "password": "a password"} |
        | callStatusCallbackUrl       | "https://callbacks.example/status"               |
        | callStatusMethod            | "GET"                                            |
        | callbackCreds               | {"userId": "another", "password": "a password"}  |
        | callbackTimeout             | 25                                               |
      Then the API grants it
      And the answer tells the id of the application

    Scenario: What a change sets is shown, of credentials the user id alone
      Given a voice application
      When the client changes it to
        | callInitiatedMethod         | "GET"                                            |
        | callInitiatedFallbackUrl    | "https://callbacks.example/fallback"             |
        | callInitiatedFallbackMethod | "GET"                                            |
        | callInitiatedFallbackCreds  | {"userId": "somebody", "password": "a password"} |
        | callStatusCallbackUrl       | "https://callbacks.example/status"               |
        | callStatusMethod            | "GET"                                            |
        | callbackCreds               | {"userId": "another", "password": "a password"}  |
        | callbackTimeout             | 1                                                |
      Then the API grants it
      And reading it shows
        | callInitiatedMethod         | "GET"                                |
        | callInitiatedFallbackUrl    | "https://callbacks.example/fallback" |
        | callInitiatedFallbackMethod | "GET"                                |
        | callInitiatedFallbackCreds  | {"userId": "somebody"}               |
        | callStatusCallbackUrl       | "https://callbacks.example/status"   |
        | callStatusMethod            | "GET"                                |
        | callbackCreds               | {"userId": "another"}                |
        | callbackTimeout             | 1                                    |

    Scenario Outline: Without its <missing>
      When the client creates an application with
        | <field> | <value> |
      Then the API answers 400
      And the error is about <missing>

      Examples:
        | missing                  | field                    | value                                |
        | applicationName          | callInitiatedCallbackUrl | "https://callbacks.example/initiate" |
        | callInitiatedCallbackUrl | applicationName          | "new"                                |

    Scenario Outline: <field>: <value>
      When the client creates an application with
        | applicationName          | <name> |
        | callInitiatedCallbackUrl | <url>  |
      Then the API answers 400
      And the error is about <field>

      Examples:
        | field                    | value          | name  | url                                  |
        | applicationName          | an empty text  | ""    | "https://callbacks.example/initiate" |
        | callInitiatedCallbackUrl | no web address | "new" | "ftp://callbacks.example/initiate"   |

    Scenario Outline: A change of <field> to <value>
      Given a voice application with password authentication
      When the client sets <field> to <value>
      Then the API answers 400
      And the error is about <field>
      And nothing about it has changed

      Examples:
        | field                    | value                                                    |
        | applicationName          | ""                                                       |
        | applicationName          | "  "                                                     |
        | callInitiatedCallbackUrl | "callbacks.example"                                      |
        | callInitiatedCallbackUrl | "ftp://callbacks.example"                                |
        | callInitiatedCallbackUrl | ""                                                       |
        | callInitiatedCallbackUrl | "/initiate"                                              |
        | callInitiatedCallbackUrl | "//callbacks.example/"                                   |
        | callInitiatedCallbackUrl | "https://"                                               |
        | callInitiatedCallbackUrl | "https://a b.example/"                                   |
        | callInitiatedCallbackUrl | "https://callbacks.example:65536/"                       |
        | callInitiatedCallbackUrl | "ftp://callbacks.example/?of=https://callbacks.example/" |
        | callStatusCallbackUrl    | "mailto:calls@callbacks.example"                         |
        | callStatusCallbackUrl    | "javascript:https://callbacks.example/"                  |
        | callStatusCallbackUrl    | 7                                                        |

      Examples: What only a webhook has
        | field                       | value                      |
        | callInitiatedMethod         | "PUT"                      |
        | callInitiatedMethod         | ""                         |
        | callInitiatedFallbackMethod | "DELETE"                   |
        | callStatusMethod            | "POSTS"                    |
        | callInitiatedFallbackCreds  | {"password": "a password"} |
        | callbackCreds               | {"userId": "somebody"}     |
        | callbackTimeout             | 0                          |
        | callbackTimeout             | -1                         |
        | callbackTimeout             | 1.5                        |

  @app.unknown-fields
  Rule: A field that no client may set is refused

    Scenario Outline: <field>: <value>
      Given a voice application with password authentication
      When the client sets <field> to <value>
      Then the API answers 400
      And the error is about <field>
      And nothing about it has changed

      Examples: Known, and not the client's
        | field           | value                                  |
        | applicationId   | "00000000-0000-0000-0000-000000000000" |
        | sipUri          | "sip:me@sip-uri.voice-api.example"     |
        | sipUri          | null                                   |
        | sipAuthPassword | "chosen-by-the-client"                 |

      Examples: Unknown
        | field                 | value |
        | inboundSipCallEnabled | true  |
        | allowedSourceIPs      | []    |
        | anything              | null  |

    Scenario: Beside a right one
      Given a voice application with password authentication
      When the client changes it to
        | allowedRegions | ["US"] |
        | allowedRegion  | ["EU"] |
      Then the API answers 400
      And nothing about it has changed

    Scenario: With the name of what objects inherit
      Given a voice application
      When the client sends the body {"__proto__": {"inboundSipCallsEnabled": true}}
      Then the API answers 400
      And nothing about it has changed

    Scenario: With ten thousand nested lists
      Given a voice application
      When the client sets anything to 10000 nested lists
      Then the API answers 400 or 413
      And nothing about it has changed

    Scenario Outline: A new application with <field>
      When the client creates an application with
        | applicationName          | "new"                                |
        | callInitiatedCallbackUrl | "https://callbacks.example/initiate" |
        | <field>                  | <value>                              |
      Then the API answers 400
      And the error is about <field>

      Examples:
        | field           | value             |
        | sipUri          | "sip:a@b.example" |
        | sipAuthPassword | "chosen"          |
        | anything        | 1                 |
