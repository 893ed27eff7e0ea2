Feature: OAuth 2.0
  The management API opens to a bearer token, and a client gets one for its id and secret.

  @oauth.token.client-credentials
  Rule: A client's id and secret buy a bearer token

    Scenario: The token and its lifetime
      When the client asks for a token with its id and secret
      Then the API answers 200
      And the answer holds a bearer token and its lifetime in seconds

    Scenario: The token opens the management API
      Given a voice application
      When the client reads it with a token just bought
      Then the API answers 200

  @oauth.bearer.required
  Rule: Without a good bearer token the management API stays closed

    Scenario Outline: <what> for a token
      Given a voice application
      When the client reads it with <what> for a token
      Then the API answers 401
      And the answer challenges with the Bearer scheme

      Examples:
        | what               |
        | nothing            |
        | garbage            |
        | an altered token   |
        | an expired token   |
