Feature: Answers of the management API
  Whatever is asked, the answer has the same shape, so that a client needs one reader for all of them.

  @app.envelope
  Rule: Every answer with a body is an object of links, data and errors

    Scenario: A reading
      Given a voice application
      When the client reads it
      Then the answer has no body, or is an envelope

    Scenario: A change
      Given a voice application
      When the client enables it with password authentication
      Then the answer has no body, or is an envelope

    Scenario: A new application
      When the client creates an application with
        | applicationName          | "conformance scenario"               |
        | callInitiatedCallbackUrl | "https://callbacks.example/initiate" |
      Then the answer has no body, or is an envelope

    Scenario: A list
      Given a voice application
      When the client lists the applications
      Then the answer has no body, or is an envelope

    Scenario: A deletion, and what is left after it
      Given a voice application
      When the client deletes it
      Then the answer has no body, or is an envelope
      When the client reads it
      Then the answer is an envelope

    Scenario: A refused change
      Given a voice application
      When the client allows calls from 10.0.0.0/8 only
      Then the answer is an envelope

    Scenario Outline: A refused change with <flaw>
      Given a voice application
      When the client sends a change with <flaw>
      Then the answer is an envelope

      Examples:
        | flaw                      |
        | no token                  |
        | a foreign account         |
        | an unknown application    |
        | a method it does not take |
        | another content type      |
        | an oversized body         |
        | malformed JSON            |

    Scenario Outline: A refused change of <field> to <value>
      Given a voice application with password authentication
      When the client sets <field> to <value>
      Then the answer is an envelope

      Examples:
        | field                    | value                       |
        | passwordAuthEnabled      | false                       |
        | allowedRegions           | ["Atlantis"]                |
        | allowedSourceIps         | ["198.51.100.0/33"]         |
        | applicationName          | "\ud800"                    |
        | callInitiatedCallbackUrl | "http://127.0.0.1/initiate" |
        | noSuchField              | 7                           |

    Scenario: A refused change of more than one setting
      Given a voice application with password authentication
      When the client changes it to
        | applicationName  | "renamed"  |
        | allowedSourceIps | "anything" |
        | allowedRegions   | ["Mars"]   |
      Then the answer is an envelope

    Scenario: A refused change of too many addresses
      Given a voice application
      When the client allows calls from 26 addresses
      Then the answer is an envelope

    Scenario: A change that is refused for want of an auth mode
      Given a voice application
      When the client sets inboundSipCallsEnabled to true
      Then the answer is an envelope

    Scenario Outline: The body <body>
      Given a voice application
      When the client sends the body <body>
      Then the answer is an envelope

      Examples:
        | body                          |
        | {"applicationName": "renamed" |
        | []                            |
        | null                          |
        | "applicationName"             |

    Scenario: An empty body
      Given a voice application
      When the client sends an empty body
      Then the answer is an envelope

    Scenario Outline: The method <method>
      Given a voice application
      When the client sends <method> for it
      Then the answer is an envelope

      Examples:
        | method |
        | PUT    |
        | POST   |

    Scenario: A refused application
      When the client creates an application with
        | applicationName | "conformance scenario" |
      Then the answer is an envelope

    Scenario: An application that does not exist
      When the client reads an application that does not exist
      Then the answer is an envelope

    Scenario Outline: With <what>
      Given a voice application
      When the client reads it with <what>
      Then the answer is an envelope

      Examples:
        | what             |
        | no token         |
        | a garbage token  |
        | an altered token |
