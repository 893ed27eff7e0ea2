Feature: The log
  Who reads the log reads what the service wrote, and no line that a stranger made up.

  @hard.log.injection
  Rule: A line forged in a value that the service is sent is no line of its log

    Scenario Outline: In <place> of the management API
      Given a voice application
      When a forged log line comes in <place> of the API
      Then the target's log has no such line

      Examples:
        | place |
        | a user agent |
        | a user agent, escaped |
        | a header nobody knows |
        | a path |
        | a path without a token |
        | a query |
        | a content type |
        | a field |
        | a name of a field |
        | a body that is no JSON |

    Scenario Outline: In <place> of an INVITE
      Given a voice application with password authentication
      When a forged log line comes in <place> of SIP
      Then the target's log has no such line

      Examples:
        | place |
        | a folded header |
        | a header with a bare carriage return |
        | a header with a bare line feed |
        | a header nobody knows |
        | a display name |
        | a URI |
