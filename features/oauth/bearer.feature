Feature: OAuth 2.0 bearer tokens
  A bearer token opens the management API, but only the account that the token is for.

  @oauth.bearer.required
  Rule: Without a good bearer token the management API stays closed

    Scenario Outline: With <what>
      Given a voice application
      When the client reads it with <what>
      Then the API answers 401
      And the answer challenges with the Bearer scheme

      Examples:
        | what               |
        | no token           |
        | a garbage token    |
        | an altered token   |
        | an unsigned token  |

      @long
      Examples: After a token's lifetime
        | what               |
        | an expired token   |

    @long
    Scenario: With a token that was used before it expired
      Given a voice application
      When the client reads it with a token just issued
      Then the API answers 200
      When the client reads it with the same token after its lifetime
      Then the API answers 401
      And the answer challenges with the Bearer scheme

    Scenario Outline: With <what>
      Given a voice application
      When the client reads it with <what>
      Then the API answers 401
      And the answer challenges with the Bearer scheme

      Examples: Parts of good tokens
        | what                                   |
        | a token cut at its end                 |
        | a token cut at its beginning           |
        | a token with more at its end           |
        | a token with a part more               |
        | two tokens joined by a dot             |
        | a token without its last part          |
        | a token with an empty last part        |
        | a token with another token's last part |
        | a token that ends later                |

      Examples: The same claims, signed by somebody else
        | what                                    |
        | a token signed by another key           |
        | a token signed by a key of another name |
        | a token signed by a key without a name  |
        | a token signed by a key with a number   |
        | a token signed by another algorithm     |

    Scenario Outline: With <what>, once the token itself was accepted
      Given a voice application
      When the client reads it with a token just issued
      Then the API answers 200
      When the client reads it with <what> made of the same one
      Then the API answers 401
      And the answer challenges with the Bearer scheme

      Examples:
        | what                                   |
        | an altered token                       |
        | an unsigned token                      |
        | a token cut at its end                 |
        | a token with more at its end           |
        | a token with a part more               |
        | a token without its last part          |
        | a token with an empty last part        |
        | a token with another token's last part |
        | a token that ends later                |
        | a token signed by another key          |
        | a token signed by another algorithm    |

    Scenario Outline: The Authorization "<value>"
      Given a voice application
      When the client reads it with the Authorization "<value>"
      Then the API answers 400 or 401

      Examples: A good token in the wrong place
        | value              |
        | TOKEN              |
        | Basic Bearer TOKEN |
        | Basic TOKEN        |
        | BearerTOKEN        |
        | Bearer,TOKEN       |
        | Bearer=TOKEN       |
        | Bearer TOKEN TOKEN |
        | Bearer TOKEN more  |
        | Bearer more TOKEN  |
        | Bearer =TOKEN      |
        | Bearer             |

    Scenario Outline: Every call, with <what>
      Given a voice application
      When the client makes every call with <what>
      Then each call is answered 401, with a Bearer challenge
      And the application is still disabled

      Examples:
        | what                          |
        | a garbage token               |
        | an altered token              |
        | an unsigned token             |
        | a token signed by another key |

      @long
      Examples: After a token's lifetime
        | what                          |
        | an expired token              |

    Scenario: A good token under another scheme
      Given a voice application
      When the client reads it with a good token under another scheme
      Then the API answers 401

    Scenario: A change without a token
      Given a voice application
      When somebody without a token enables it
      Then the API answers 401
      And the answer challenges with the Bearer scheme
      And the application is still disabled

    Scenario: A new application without a token
      When somebody without a token makes a voice application
      Then the API answers 401
      And the answer challenges with the Bearer scheme

  @oauth.bearer.forms
  Rule: The scheme is read in any case, and any number of blanks may follow it

    Scenario Outline: The Authorization "<value>"
      Given a voice application
      When the client reads it with the Authorization "<value>"
      Then the API answers 200

      Examples:
        | value           |
        | Bearer TOKEN    |
        | bearer TOKEN    |
        | BEARER TOKEN    |
        | bEARER TOKEN    |
        | Bearer  TOKEN   |
        | bearer    TOKEN |

  @oauth.bearer.challenge
  Rule: A refusal challenges with the Bearer scheme, and names no error but the one that fits

    Scenario Outline: With <what>
      Given a voice application
      When the client reads it with <what>
      Then the API answers 401
      And the answer challenges with the Bearer scheme
      And the challenge names no error, or the one that fits

      Examples:
        | what                          |
        | no token                      |
        | a garbage token               |
        | a token signed by another key |

    Scenario: With a token of another account
      Given a voice application
      When the client reads it under another account
      Then the API answers 403
      And the answer challenges with the Bearer scheme
      And the challenge names no error, or the one that fits

  @oauth.bearer.account-scope
  Rule: A token of another account opens nothing and shows nothing

    @smoke
    Scenario: It reads an application
      Given a voice application with password authentication
      When the client of another account reads it
      Then the API answers 403
      And the answer tells nothing of the application

    Scenario: It changes an application
      Given a voice application
      When the client of another account enables it
      Then the API answers 403
      And the answer tells nothing of the application
      And the application is still disabled

    Scenario: It makes an application
      When the client of another account makes a voice application in the first one
      Then the API answers 403

    Scenario: An application that is there and one that is not look alike
      Given a voice application
      When the client of another account reads it, and one that does not exist
      Then nobody can tell the answers apart

    Scenario: An account that is there and one that is not look alike
      Given a voice application
      When the client of another account reads it, and one of an account that does not exist
      Then nobody can tell the answers apart

    Scenario Outline: An application of the first account, <what> as if it were of the other one
      Given a voice application with password authentication
      When the client of another account <asks> under its own account
      Then the API answers 403 or 404
      And the answer tells nothing of the application
      And reading it shows
        | inboundSipCallsEnabled | true |

      Examples:
        | what    | asks        |
        | read    | reads it    |
        | changed | disables it |
        | deleted | deletes it  |

    Scenario: An application of the other account, read as if it were of the first one
      Given a voice application of another account
      When the client reads it
      Then the API answers 404

    Scenario: An application of the first account, read under the other one
      Given a voice application
      When the client reads it under another account
      Then the API answers 403
      And the answer tells nothing of the application

    Scenario Outline: An application of the own account, read under <account>
      Given a voice application
      When the client reads it under the account <account>
      Then the API answers 403
      And the answer tells nothing of the application

      Examples:
        | account                         |
        | its own with one more digit     |
        | its own without the last digit  |
        | its own behind one more digit   |
        | its own without the first digit |

    Scenario Outline: An application of the own account, changed under <account>
      Given a voice application
      When the client enables it under the account <account>
      Then the API answers 403
      And the answer tells nothing of the application
      And the application is still disabled

      Examples:
        | account                        |
        | its own with one more digit    |
        | its own without the last digit |

    Scenario: A list of the other account's applications
      Given a voice application with password authentication
      When the client of another account lists its applications
      Then the API answers 200
      And no application of the first account is listed
