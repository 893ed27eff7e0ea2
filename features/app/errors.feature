Feature: What the management API refuses
  A refusal tells the client what to mend: the first mistake, and the field if it is in one.

  @app.errors
  Rule: Each mistake has its status, and a field of the wrong type is named

    Scenario Outline: <flaws>
      Given a voice application
      When the client sends a change with <flaws>
      Then the API answers <status>
      And nothing about it has changed

      Examples:
        | flaws                     | status |
        | an unknown application    | 404    |
        | a method it does not take | 405    |
        | another content type      | 415    |
        | an oversized body         | 413    |
        | malformed JSON            | 400    |

    Scenario Outline: <method> for an application with the id <id>
      Given a voice application with password authentication
      When the client sends <method> for the application with the id <id>
      Then the API answers 404
      And nothing about it has changed

      Examples:
        | method | id                           |
        | GET    | of nobody                    |
        | PATCH  | of nobody                    |
        | DELETE | of nobody                    |
        | GET    | its own without its end      |
        | PATCH  | its own without its end      |
        | DELETE | its own without its end      |
        | GET    | its own with more at its end |
        | PATCH  | its own with more at its end |
        | DELETE | its own with more at its end |
        | GET    | its own with another end     |
        | PATCH  | its own with another end     |
        | DELETE | its own with another end     |
        | GET    | no-such-application          |
        | PATCH  | no-such-application          |
        | DELETE | no-such-application          |

    Scenario Outline: The method <method>
      Given a voice application
      When the client sends <method> for it
      Then the API answers 405
      And the answer says which methods are taken
      And nothing about it has changed

      Examples:
        | method |
        | PUT    |
        | POST   |

    Scenario: An unknown method
      Given a voice application
      When the client sends BREW for it
      Then the API answers 405 or 501
      And nothing about it has changed

    Scenario: A change of the whole collection
      When the client sends PATCH for the collection
      Then the API answers 405

    Scenario Outline: The content type <type>
      Given a voice application
      When the client sends a change of its name as "<type>"
      Then the API answers 415
      And nothing about it has changed

      Examples:
        | type                              |
        | text/plain                        |
        | application/x-www-form-urlencoded |
        | application/jsonp                 |

    Scenario: JSON with its charset named
      Given a voice application
      When the client sends a change of its name as "application/json; charset=utf-8"
      Then the API grants it
      And nothing but applicationName has changed

    Scenario Outline: The body <body>
      Given a voice application
      When the client sends the body <body>
      Then the API answers 400
      And nothing about it has changed

      Examples:
        | body                                            |
        | {                                               |
        | {"applicationName": "renamed"                   |
        | {"applicationName": "renamed"}}                 |
        | {"applicationName": "renamed",}                 |
        | {'applicationName': 'renamed'}                  |
        | {applicationName: "renamed"}                    |
        | {"applicationName": "renamed"} {}               |
        | <applicationName>renamed</applicationName>      |
        | []                                              |
        | [{"applicationName": "renamed"}]                |
        | null                                            |
        | true                                            |
        | 7                                               |
        | "applicationName"                               |

    Scenario: An empty body
      Given a voice application
      When the client sends an empty body
      Then the API answers 400

    Scenario: A body that is not UTF-8
      Given a voice application
      When the client sends a body that is not UTF-8
      Then the API answers 400
      And nothing about it has changed

    Scenario Outline: <field>: <value>
      Given a voice application with password authentication
      When the client sets <field> to <value>
      Then the API answers 400
      And the error is about <field>
      And nothing about it has changed

      Examples: Null
        | field                    | value |
        | applicationName          | null  |
        | callInitiatedCallbackUrl | null  |
        | inboundSipCallsEnabled   | null  |
        | passwordAuthEnabled      | null  |
        | allowedSourceIps         | null  |
        | allowedRegions           | null  |

      Examples: The wrong type
        | field                    | value            |
        | applicationName          | 7                |
        | applicationName          | {}               |
        | applicationName          | ["renamed"]      |
        | callInitiatedCallbackUrl | true             |
        | inboundSipCallsEnabled   | "true"           |
        | inboundSipCallsEnabled   | 1                |
        | inboundSipCallsEnabled   | []               |
        | passwordAuthEnabled      | "false"          |
        | passwordAuthEnabled      | 0                |
        | passwordAuthEnabled      | {}               |
        | allowedSourceIps         | "203.0.113.0/24" |
        | allowedSourceIps         | {"0": "x"}       |
        | allowedSourceIps         | true             |
        | allowedRegions           | "US"             |
        | allowedRegions           | 1                |
        | allowedRegions           | {}               |

      Examples: The wrong type, of what a webhook is asked
        | field                       | value                                       |
        | callInitiatedMethod         | 7                                           |
        | callInitiatedMethod         | ["POST"]                                    |
        | callInitiatedFallbackUrl    | 7                                           |
        | callInitiatedFallbackMethod | {}                                          |
        | callInitiatedFallbackCreds  | "somebody"                                  |
        | callInitiatedFallbackCreds  | {"userId": 7, "password": "a password"}     |
        | callStatusCallbackUrl       | true                                        |
        | callStatusMethod            | false                                       |
        | callbackCreds               | ["somebody", "a password"]                  |
        | callbackCreds               | {"userId": "somebody", "password": ["own"]} |
        | callbackTimeout             | "15"                                        |
        | callbackTimeout             | true                                        |

    Scenario Outline: An entry of <field> of the wrong type: <value>
      Given a voice application with password authentication
      When the client sets <field> to <value>
      Then the API answers 400
      And the error is about <field>
      And nothing about it has changed

      Examples:
        | field            | value                    |
        | allowedSourceIps | ["203.0.113.0/24", 7]    |
        | allowedSourceIps | ["203.0.113.0/24", null] |
        | allowedRegions   | ["US", 7]                |
        | allowedRegions   | ["US", null]             |
        | allowedRegions   | ["US", ["EU"]]           |

    Scenario: Several fields of the wrong type
      Given a voice application with password authentication
      When the client changes it to
        | passwordAuthEnabled | "true"                |
        | allowedSourceIps    | ["203.0.113.0/24", 7] |
        | allowedRegions      | "US"                  |
      Then the API answers 400
      And there is one error about each of
        | passwordAuthEnabled |
        | allowedSourceIps    |
        | allowedRegions      |
      And nothing about it has changed

    Scenario Outline: <field> with ten thousand nested lists
      Given a voice application
      When the client sets <field> to 10000 nested lists
      Then the API answers 400 or 413
      And nothing about it has changed

      Examples:
        | field                  |
        | allowedSourceIps       |
        | inboundSipCallsEnabled |

    Scenario Outline: <field> with a <kind> of sixty thousand characters
      Given a voice application with password authentication
      When the client sets <field> to a <kind> of 60000 characters
      Then the API answers 400 or 413
      And nothing about it has changed

      Examples:
        | field               | kind               |
        | passwordAuthEnabled | string             |
        | allowedSourceIps    | list with a string |
        | allowedRegions      | list with a string |

    Scenario: A list of twenty thousand numbers
      Given a voice application with password authentication
      When the client sets allowedSourceIps to a list of 20000 numbers
      Then the API answers 400 or 413
      And nothing about it has changed

  @app.errors.order
  Rule: The first of several mistakes is answered: token, account, application, method, content type, size, body

    Scenario Outline: <flaws>
      Given a voice application
      When the client sends a change with <flaws>
      Then the API answers <status>
      And nothing about it has changed

      Examples:
        | flaws                                                                                        | status |
        | no token, a foreign account, a method it does not take, another content type, malformed JSON | 401    |
        | no token, an unknown application                                                             | 401    |
        | a foreign account, a method it does not take, another content type, malformed JSON           | 403    |
        | a foreign account, an unknown application                                                    | 403    |
        | an unknown application, a method it does not take, another content type, malformed JSON      | 404    |
        | an unknown application, an oversized body                                                    | 404    |
        | an unknown application, malformed JSON                                                       | 404    |
        | a method it does not take, another content type, malformed JSON                              | 405    |
        | a method it does not take, an oversized body                                                 | 405    |
        | another content type, an oversized body                                                      | 415    |
        | another content type, malformed JSON                                                         | 415    |
        | an oversized body, malformed JSON                                                            | 413    |
