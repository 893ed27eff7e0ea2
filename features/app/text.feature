Feature: Texts
  What is shown later is what was sent: a text that cannot be stored is refused.

  @app.text
  Rule: A lone surrogate is refused, and a pair is kept

    Scenario Outline: <about> is set to <value>
      Given a voice application
      When the client sets <field> to <value>
      Then the API answers 400
      And the error is about <about>
      And nothing about it has changed

      Examples:
        | field                    | value                                             | about                    |
        | applicationName          | "\ud800"                                          | applicationName          |
        | applicationName          | "renamed \udfff twice"                            | applicationName          |
        | applicationName          | "\ude00\ud83d"                                    | applicationName          |
        | callInitiatedCallbackUrl | "https://callbacks.example/\ud800"                | callInitiatedCallbackUrl |
        | callStatusCallbackUrl    | "https://callbacks.example/\udc00"                | callStatusCallbackUrl    |
        | callbackCreds            | {"userId": "\ud800", "password": "a password"}    | callbackCreds.userId     |
        | callbackCreds            | {"userId": "somebody", "password": "a \ud800"}    | callbackCreds.password   |

    Scenario: A new application
      When the client creates an application with
        | applicationName          | "\ud800"                             |
        | callInitiatedCallbackUrl | "https://callbacks.example/initiate" |
      Then the API answers 400
      And the error is about applicationName

    Scenario: A pair is kept
      Given a voice application
      When the client sets applicationName to "\ud83d\ude00"
      Then the API grants it
      And reading it shows
        | applicationName | "\ud83d\ude00" |
