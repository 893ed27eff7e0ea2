Feature: The types that a change may have
  A client learns from an answer what it can send instead.

  @app.patch.media-types
  Rule: A refused type and OPTIONS name the types of a PATCH

    Scenario Outline: A change as <type>
      Given a voice application
      When the client sends a change of its name as "<type>"
      Then the API answers 415
      And the answer names the types of a change

      Examples:
        | type                        |
        | text/plain                  |
        | application/xml             |
        | application/json-patch+json |

    Scenario: OPTIONS
      Given a voice application
      When the client asks for its options
      Then the answer names the types of a change, or OPTIONS is not offered

  @app.patch.merge-patch
  Rule: A merge patch is a change

    Scenario Outline: One setting, as <type>
      Given a voice application with password authentication
      When the client sends a change of its name as "<type>"
      Then the API grants it
      And nothing but applicationName has changed

      Examples:
        | type                                        |
        | application/merge-patch+json                |
        | application/merge-patch+json; charset=utf-8 |

    Scenario: A wrong field is named as ever
      Given a voice application with password authentication
      When the client sends the merge patch {"allowedRegions": "US"}
      Then the API answers 400
      And the error is about allowedRegions
      And nothing about it has changed
