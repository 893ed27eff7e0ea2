Feature: OAuth 2.0 tokens
  A client gets a bearer token for its id and secret, and nobody else gets one.

  @oauth.token.client-credentials
  Rule: A client's id and secret buy a bearer token

    Scenario: The token and its lifetime
      When the client asks for a token with its id and secret
      Then the API answers 200
      And the answer holds a bearer token and its lifetime in seconds

    Scenario: An unknown parameter is ignored
      When the client asks for a token with the form "grant_type=client_credentials&x-unknown=1"
      Then the API answers 200
      And the answer holds a bearer token and its lifetime in seconds

    @smoke
    Scenario: The token opens the management API
      Given a voice application
      When the client reads it with a token just issued
      Then the API answers 200

  @oauth.token.invalid-client
  Rule: Without the right id and secret there is no token, and what was wrong is not told

    Scenario Outline: With <what>
      When somebody asks for a token with <what>
      Then the API answers 401
      And the token is refused as "invalid_client"
      And the answer challenges with the Basic scheme

      Examples:
        | what                 |
        | a wrong secret       |
        | an empty secret      |
        | an unknown client id |

    Scenario: No credentials at all
      When somebody asks for a token with no credentials
      Then the API answers 400 or 401
      And the token is refused as "invalid_client"

    Scenario: A wrong id and a wrong secret look alike
      When somebody asks for a token with a wrong id, and with a wrong secret
      Then nobody can tell the answers apart

  @oauth.token.bad-request
  Rule: A request for no grant or another grant is refused, and no answer may be stored

    Scenario Outline: <what>
      When the client asks for a token with the form "<form>"
      Then the API answers 400
      And the token is refused as "<error>"

      Examples:
        | what                       | form                                                          | error                  |
        | No parameter               |                                                               | invalid_request        |
        | No grant type              | x-unknown=1                                                   | invalid_request        |
        | An unknown grant type      | grant_type=no-such-grant                                      | unsupported_grant_type |
        | An unknown extension grant | grant_type=urn%3Aexample%3Ano-such-grant                      | unsupported_grant_type |
        | The grant type in capitals | grant_type=CLIENT_CREDENTIALS                                 | unsupported_grant_type |

    Scenario: The answer with the token is not stored
      When the client asks for a token with its id and secret
      Then the answer forbids storing

    Scenario: The refusal of a client is not stored
      When somebody asks for a token with a wrong secret
      Then the answer forbids storing

    Scenario: The refusal of a request is not stored
      When the client asks for a token with the form "grant_type=no-such-grant"
      Then the answer forbids storing

  @oauth.token.parameters
  Rule: A parameter without a value counts as absent, and none may be there twice

    Scenario Outline: <what>
      When the client asks for a token with the form "<form>"
      Then a token is given

      Examples: Empty
        | what                                | form                                         |
        | A scope without a value             | grant_type=client_credentials&scope=         |
        | A scope without an equals sign      | grant_type=client_credentials&scope          |
        | An unknown parameter without value  | grant_type=client_credentials&x-unknown=     |
        | An empty scope ahead of the grant   | scope=&grant_type=client_credentials         |

    Scenario Outline: <what>
      When the client asks for a token with the form "<form>"
      Then the API answers 400
      And the token is refused as "invalid_request"

      Examples: Empty
        | what                                | form        |
        | A grant type without a value        | grant_type= |
        | A grant type without an equals sign | grant_type  |

      Examples: Twice
        | what                              | form                                                                |
        | The grant type twice              | grant_type=client_credentials&grant_type=client_credentials         |
        | Two grant types                   | grant_type=client_credentials&grant_type=no-such-grant              |
        | A grant type after an empty one   | grant_type=&grant_type=client_credentials                           |
        | The scope twice                   | grant_type=client_credentials&scope=a&scope=b                       |
        | An unknown parameter twice        | grant_type=client_credentials&x-unknown=1&x-unknown=2               |

  @oauth.token.scope
  Rule: An unknown scope is refused, or the answer says what was granted

    Scenario Outline: <what>
      When the client asks for a token with the form "grant_type=client_credentials&scope=<scope>"
      Then the scope is refused, or the answer says what was granted

      Examples:
        | what                 | scope                          |
        | One unknown scope    | no-such-scope                  |
        | Two unknown scopes   | no-such-scope+no-other-either  |
        | A scope that is long | urn%3Aexample%3Ano-such-scope  |
