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

    Scenario Outline: With <what>
      When somebody asks for a token with <what>
      Then the API answers 401
      And the token is refused as "invalid_client"
      And the answer challenges with the Basic scheme

      Examples: One of the two
        | what                                  |
        | its id alone                          |
        | its id and a colon                    |
        | a colon and its secret                |
        | a colon alone                         |
        | its secret before its id              |
        | its id twice                          |
        | its secret without its last character |

      Examples: One more than the two
        | what                              |
        | its id and secret without a colon |
        | another secret behind its own     |
        | another id before its own         |
        | a blank before its secret         |
        | a blank behind its secret         |
        | a blank behind its id             |

      Examples: Escaped in another way
        | what                                          |
        | a line end behind its secret                  |
        | a NUL behind its secret                       |
        | its secret escaped twice                      |
        | a percent sign behind its secret              |
        | an escape of no octet behind its secret       |
        | an escape that is not UTF-8 behind its secret |
        | an escape that is not UTF-8 behind its id     |

    Scenario Outline: The Authorization "<value>"
      When the client asks for a token with the Authorization "<value>"
      Then the API answers 400 or 401
      And no token is given

      Examples: Right credentials in the wrong place
        | value                         |
        | CREDENTIALS                   |
        | Basic                         |
        | BasicCREDENTIALS              |
        | Basic,CREDENTIALS             |
        | Basic CREDENTIALS CREDENTIALS |
        | Basic CREDENTIALS more        |
        | Bearer CREDENTIALS            |
        | Bearer Basic CREDENTIALS      |
        | Basic =CREDENTIALS            |

    Scenario: No credentials at all
      When somebody asks for a token with no credentials
      Then the API answers 400 or 401
      And the token is refused as "invalid_client"

    Scenario: A wrong id and a wrong secret look alike
      When somebody asks for a token with a wrong id, and with a wrong secret
      Then nobody can tell the answers apart

  @oauth.token.forms
  Rule: Id and secret, and the form, are read however they may be written

    Scenario Outline: The Authorization "<value>"
      When the client asks for a token with the Authorization "<value>"
      Then a token is given

      Examples:
        | value               |
        | Basic CREDENTIALS   |
        | basic CREDENTIALS   |
        | BASIC CREDENTIALS   |
        | bASIC CREDENTIALS   |
        | Basic  CREDENTIALS  |
        | basic   CREDENTIALS |

    Scenario Outline: With <what>
      When the client asks for a token with <what>
      Then a token is given

      Examples:
        | what                                     |
        | every octet of its id and secret escaped |
        | every octet escaped in lower case        |
        | the first octet of its id escaped        |
        | a base64 text without padding            |
        | a base64 text that ends in =             |
        | a base64 text that ends in ==            |

    Scenario Outline: The form "<form>" as <type>
      When the client asks for a token with the form "<form>" as "<type>"
      Then a token is given

      Examples:
        | form                                | type                                             |
        | grant_type=client_credentials       | application/x-www-form-urlencoded;charset=UTF-8  |
        | grant_type=client_credentials       | application/x-www-form-urlencoded; charset=utf-8 |
        | grant_type=client_credentials       | Application/X-WWW-Form-Urlencoded                |
        | grant%5Ftype=client_credentials     | application/x-www-form-urlencoded                |
        | grant_type=client%5Fcredentials     | application/x-www-form-urlencoded                |
        | %67rant_type=%63lient_credentials   | application/x-www-form-urlencoded                |
        | grant_type=client_credentials&x=a+b | application/x-www-form-urlencoded                |

  @oauth.token.refusal
  Rule: A refusal is JSON with an error, and its description is of the characters that may be in it

    Scenario Outline: With <what>
      When somebody asks for a token with <what>
      Then the refusal has the form of RFC 6749

      Examples:
        | what                 |
        | no credentials       |
        | a wrong secret       |
        | an unknown client id |

    Scenario Outline: <what>
      When the client asks for a token with the form "<form>"
      Then the refusal has the form of RFC 6749

      Examples:
        | what                  | form                                                        |
        | No grant type         |                                                             |
        | An unknown grant type | grant_type=no-such-grant                                    |
        | The grant type twice  | grant_type=client_credentials&grant_type=client_credentials |

    Scenario: A secret in the form as well
      When the client asks for a token with its id and secret in the header, and again in the form
      Then the refusal has the form of RFC 6749

    Scenario: Another media type
      When the client asks for a token with the form "nothing" as "text/plain"
      Then the refusal has the form of RFC 6749

    Scenario: An unknown scope, which may be refused
      When the client asks for a token with the form "grant_type=client_credentials&scope=no-such-scope"
      Then the answer is a token, or a refusal in the form of RFC 6749

  @oauth.token.one-method
  Rule: A client authenticates in one way at a time

    Scenario: The right secret in the header and in the form
      When the client asks for a token with its id and secret in the header, and again in the form
      Then the API answers 400
      And the token is refused as "invalid_request"

    Scenario: The right secret in the header and another one in the form
      When the client asks for a token with its id and secret in the header, and no-such-secret as its secret in the form
      Then the API answers 400
      And the token is refused as "invalid_request"

  @oauth.token.post
  Rule: A token is asked for by POST

    Scenario Outline: <method>
      When the client asks for a token by <method>
      Then no token is given
      And a 405 says that POST is taken

      Examples:
        | method |
        | GET    |
        | PUT    |
        | PATCH  |
        | DELETE |

  @oauth.token.pragma
  Rule: The answer with a token is not stored by an old cache either

    Scenario: The answer with the token
      When the client asks for a token with its id and secret
      Then the answer has Pragma: no-cache

  @oauth.token.guessing
  Rule: Who guesses at secrets has to wait, and nobody else has

    Scenario: Sixty guesses in a row
      When somebody at the EU customer's address guesses 60 client secrets in a row
      Then the guesser has to wait
      And each guess is refused
      When the client asks for a token with its id and secret
      Then a token is given

    Scenario: A client that shares its address with a guesser
      When the client asks for a token from the US customer's address
      Then a token is given
      When somebody at the US customer's address guesses 60 client secrets in a row
      Then the guesser has to wait
      When the client asks for a token from the US customer's address
      Then a token is given

    Scenario: Three hundred guesses at once
      When somebody elsewhere guesses 300 client secrets at once
      Then each guess is refused
      When the client asks for a token with its id and secret
      Then a token is given

  @oauth.token.bad-request
  Rule: A request for no grant or another grant is refused, and no answer may be stored

    Scenario Outline: <what>
      When the client asks for a token with the form "<form>"
      Then the API answers 400
      And the token is refused as "<error>"

      Examples:
        | what                       | form                                     | error                  |
        | No parameter               |                                          | invalid_request        |
        | No grant type              | x-unknown=1                              | invalid_request        |
        | An unknown grant type      | grant_type=no-such-grant                 | unsupported_grant_type |
        | An unknown extension grant | grant_type=urn%3Aexample%3Ano-such-grant | unsupported_grant_type |
        | The grant type in capitals | grant_type=CLIENT_CREDENTIALS            | unsupported_grant_type |
        | A blank behind the type    | grant_type=client_credentials+           | unsupported_grant_type |
        | The name in capitals       | GRANT_TYPE=client_credentials            | invalid_request        |
        | A plus sign in the name    | grant+type=client_credentials            | invalid_request        |

    Scenario Outline: Nothing of a form, as <type>
      When the client asks for a token with the form "<form>" as "<type>"
      Then the API answers 400
      And the token is refused as "invalid_request"

      Examples:
        | type                | form    |
        | text/plain          | nothing |
        | application/json    | {}      |
        | application/xml     | <none/> |
        | multipart/form-data | nothing |

    Scenario: The answer with the token is not stored
      When the client asks for a token with its id and secret
      Then the answer forbids storing

    Scenario: The refusal of a client is not stored
      When somebody asks for a token with a wrong secret
      Then the answer forbids storing

    Scenario Outline: The refusal of a request is not stored: the form "<form>"
      When the client asks for a token with the form "<form>"
      Then the answer forbids storing

      Examples:
        | form                     |
        | grant_type=no-such-grant |
        | x-unknown=1              |
        | grant_type=              |

    Scenario Outline: The refusal of what is no form is not stored: <type>
      When the client asks for a token with the form "<form>" as "<type>"
      Then the answer forbids storing

      Examples:
        | type             | form    |
        | text/plain       | nothing |
        | application/json | {}      |
        | application/xml  | <none/> |

  @oauth.token.parameters
  Rule: A parameter without a value counts as absent, and none may be there twice

    Scenario Outline: <what>
      When the client asks for a token with the form "<form>"
      Then a token is given

      Examples: Empty
        | what                               | form                                         |
        | A scope without a value            | grant_type=client_credentials&scope=         |
        | A scope without an equals sign     | grant_type=client_credentials&scope          |
        | An unknown parameter without value | grant_type=client_credentials&x-unknown=     |
        | An empty scope ahead of the grant  | scope=&grant_type=client_credentials         |
        | A client secret without a value    | grant_type=client_credentials&client_secret= |

    Scenario Outline: <what>
      When the client asks for a token with the form "<form>"
      Then the API answers 400
      And the token is refused as "invalid_request"

      Examples: Empty
        | what                                | form        |
        | A grant type without a value        | grant_type= |
        | A grant type without an equals sign | grant_type  |

      Examples: Twice
        | what                            | form                                                        |
        | The grant type twice            | grant_type=client_credentials&grant_type=client_credentials |
        | Two grant types                 | grant_type=client_credentials&grant_type=no-such-grant      |
        | A grant type after an empty one | grant_type=&grant_type=client_credentials                   |
        | The scope twice                 | grant_type=client_credentials&scope=a&scope=b               |
        | An unknown parameter twice      | grant_type=client_credentials&x-unknown=1&x-unknown=2       |

  @oauth.token.scope
  Rule: An unknown scope is refused, or the answer says what was granted

    Scenario Outline: <what>
      When the client asks for a token with the form "grant_type=client_credentials&scope=<scope>"
      Then the scope is refused, or the answer says what was granted

      Examples:
        | what                 | scope                         |
        | One unknown scope    | no-such-scope                 |
        | Two unknown scopes   | no-such-scope+no-other-either |
        | A scope that is long | urn%3Aexample%3Ano-such-scope |
