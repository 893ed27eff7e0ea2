Feature: Deleting an application
  An application that is no longer needed goes, whichever HTTP client asks for it.

  @app.delete
  Rule: A DELETE without a body deletes, whatever content type it names

    Scenario Outline: <type>, <framing>
      Given a voice application
      When the client deletes it with the content type <type> and <framing>
      Then the API grants it
      And the application is gone

      Examples:
        | type                      | framing             |
        | none                      | no length           |
        | none                      | a length of 0       |
        | none                      | an empty chunk only |
        | application/json          | no length           |
        | application/json          | a length of 0       |
        | application/json          | an empty chunk only |
        | application/xml           | no length           |
        | application/xml           | a length of 0       |
        | text/plain; charset=utf-8 | no length           |
        | text/plain; charset=utf-8 | an empty chunk only |
