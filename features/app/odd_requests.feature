Feature: Requests that HTTP allows and few clients send
  Whoever asks gets an answer to read, and the next client is served.

  @app.odd-requests
  Rule: CONNECT and unknown expectations are answered, and 100-continue is met

    Scenario: CONNECT
      Given a voice application
      When the client asks for a tunnel
      Then it is refused in an envelope
      When the client reads it
      Then the API grants it

    Scenario Outline: The expectation <value>
      Given a voice application
      When the client changes its name with the expectation "<value>"
      Then the API answers 200 or 417
      And the answer is an envelope
      When the client reads it
      Then the API grants it

      Examples:
        | value             |
        | the-unexpected    |
        | 200-ok            |

    Scenario: 100-continue
      Given a voice application
      When the client changes its name with the expectation "100-continue"
      Then the API grants it
      And nothing but applicationName has changed
