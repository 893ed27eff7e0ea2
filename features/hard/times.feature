Feature: Attacks by watching
  What the service does not say, its answers and the time they take must not give away.

  @hard.auth.enumeration
  Rule: No answer tells whether an application or a client exists

    Scenario: A wrong password, an application that is off, and one that nobody has
      Given a voice application with password authentication
      And another voice application with password authentication that was switched off
      When they and an application that does not exist are called with a wrong password, in turn 40 times
      Then the answers cannot be told apart
      And none takes 3 times as long as another

    Scenario: The name of another application in the credentials, and one that nobody has
      Given a voice application with password authentication
      And another voice application with password authentication
      When the first is called with the other's name and with one that nobody has, in turn 40 times
      Then the answers cannot be told apart
      And none takes 3 times as long as another

    Scenario: An unknown client, and a wrong secret
      When an unknown client and one with a wrong secret ask for a token, in turn 12 times
      Then neither waits 3 times as long as the other

  @hard.auth.timing
  Rule: The time to refuse a digest does not tell how much of it is right

    Scenario: 31 leading digits right, and none
      Given a voice application with password authentication
      When it is called with a digest of which 31 leading digits are right and with one of which none is, in turn 200 times
      Then neither is the slower one

  @hard.hash-flooding
  Rule: Names that look like integers are handled as fast as random ones

    Scenario Outline: <what>
      Given a voice application with password authentication
      When it is called with <what> like integers and with random ones, in turn 400 times
      Then in the later half neither takes 3 times as long as the other

      Examples:
        | what             |
        | Call-IDs         |
        | From tags        |
        | branches         |
        | 200 header names |
        | 200 parameters   |
