Feature: Secrets
  Whoever reads an error answer or a log learns no secret from it, not even where a client sent one to the wrong place.

  @hard.secrets.leak
  Rule: No error answer and no log line shows a token, a client's secret or a password

    Scenario Outline: A secret <place>
      Given a voice application with password authentication
      When the client sends each of its secrets <place>
      Then no refusal shows a secret

      Examples:
        | place |
        | as the value of an unknown field |
        | as the value of a field of another type |
        | as a password of its own choice |
        | as an allowed source |
        | in the URL of an allowed source |
        | behind a user name as an allowed source |
        | as the port of an allowed source |
        | as an allowed region |
        | as a callback URL |
        | as a method |
        | as the whole body |
        | as a JSON text alone |
        | in JSON that ends too early |
        | in JSON with a wrong token after it |
        | in JSON with a line end in it |
        | in a body of another type |
        | as the content type |
        | in a header of its own |
        | as a cookie |
        | as the user agent |
        | in the query of a change |
        | as an application |
        | as an application to change |
        | as an application to delete |
        | as an account |
        | as a page |
        | as a token of another scheme |
        | as a bearer token with more behind it |
        | as Basic credentials |
        | as a grant type |
        | as a scope |
        | as a client secret in the form |
        | as a parameter that is there twice |
        | as a form without a parameter |

    Scenario: The log of secrets in the wrong places
      Given a voice application with password authentication
      When the client sends its secrets wherever it can
      Then the target's log shows none of them

    Scenario: The log of secrets in their places
      Given a voice application with password authentication
      When the client rotates its password
      And the client asks for a token with its id and secret
      And the client reads it with a token just issued
      Then the target's log shows none of them
