Feature: Statuses of success
  Whoever asks learns from the status what was done, and from the body what there is now.

  @app.success-status
  Rule: Reading and changing are answered with 200, creating with 201, deleting with 204 or 200

    Scenario: A reading
      Given a voice application
      When the client reads it
      Then the API answers 200
      And the answer shows an application

    Scenario: A change
      Given a voice application
      When the client enables it with password authentication
      Then the API answers 200
      And the answer shows an application

    Scenario: A new application
      When the client creates an application with
        | applicationName          | "conformance scenario"               |
        | callInitiatedCallbackUrl | "https://callbacks.example/initiate" |
      Then the API answers 201
      And the answer shows an application

    Scenario: A deletion
      Given a voice application
      When the client deletes it
      Then the API answers 204 without a body, or 200
