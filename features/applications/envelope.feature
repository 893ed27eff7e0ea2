Feature: Answers of the management API
  Whatever is asked, the answer has the same shape, so that a client needs one reader for all of them.

  @app.envelope
  Rule: Every answer with a body is an object of links, data and errors

    Scenario: A success
      Given a voice application
      When the client reads it
      Then the API answers 200
      And the answer is an envelope

    Scenario: A change
      Given a voice application
      When the client enables it with password authentication
      Then the API answers 200
      And the answer is an envelope

    Scenario: A refused change
      Given a voice application
      When the client allows calls from 10.0.0.0/8 only
      Then the API answers 400
      And the answer is an envelope

    Scenario: An application that does not exist
      When the client reads an application that does not exist
      Then the API answers 404
      And the answer is an envelope

    Scenario: No token
      Given a voice application
      When the client reads it with nothing for a token
      Then the API answers 401
      And the answer is an envelope
