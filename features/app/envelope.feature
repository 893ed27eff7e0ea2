Feature: Answers of the management API
  Whatever is asked, the answer has the same shape, so that a client needs one reader for all of them.

  @app.envelope
  Rule: Every answer with a body is an object of links, data and errors

    Scenario: A reading
      Given a voice application
      When the client reads it
      Then the API answers 200
      And the answer is an envelope

    Scenario: A change
      Given a voice application
      When the client enables it with password authentication
      Then the API answers 200
      And the answer is an envelope

    Scenario: A new application
      When the client creates an application with
        | applicationName          | "conformance scenario"               |
        | callInitiatedCallbackUrl | "https://callbacks.example/initiate" |
      Then the API answers 201
      And the answer is an envelope

    Scenario: A list
      Given a voice application
      When the client lists the applications
      Then the API answers 200, 404 or 405
      And the answer is an envelope

    Scenario: A deletion, and what is left after it
      Given a voice application
      When the client deletes it
      Then the API answers 200 or 204
      And the answer has no body, or is an envelope
      When the client reads it
      Then the API answers 404
      And the answer is an envelope

    Scenario: A refused change
      Given a voice application
      When the client allows calls from 10.0.0.0/8 only
      Then the API answers 400
      And the answer is an envelope

    Scenario Outline: A refused change with <flaw>
      Given a voice application
      When the client sends a change with <flaw>
      Then the API answers <status>
      And the answer is an envelope

      Examples:
        | flaw                      | status |
        | no token                  | 401    |
        | a foreign account         | 403    |
        | an unknown application    | 404    |
        | a method it does not take | 405    |
        | another content type      | 415    |
        | an oversized body         | 413    |
        | malformed JSON            | 400    |

    Scenario: A refused application
      When the client creates an application with
        | applicationName | "conformance scenario" |
      Then the API answers 400
      And the answer is an envelope

    Scenario: An application that does not exist
      When the client reads an application that does not exist
      Then the API answers 404
      And the answer is an envelope

    Scenario: No token
      Given a voice application
      When the client reads it with no token
      Then the API answers 401
      And the answer is an envelope
