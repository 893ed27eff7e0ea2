Feature: Password rotation
  Turning password authentication on once more replaces the password.

  @app.rotate.new-password
  Rule: A rotation gives a password that is not the old one

    Scenario: Rotate
      Given a voice application with password authentication
      When the client rotates its password
      Then the API answers 200
      And the answer holds a password
      And the password is a new one

  @app.rotate.old-dies-at-once
  Rule: From the moment a rotation is answered the old password is dead and the new one works

    Scenario: The first call after the rotation has the old password
      Given a voice application with password authentication
      When the client rotates its password
      And it is called with its former password
      Then the call is refused with 401
      And nothing reaches the voice platform

    Scenario: The first call after the rotation has the new password
      Given a voice application with password authentication
      When the client rotates its password
      And it is called with its password
      Then the call is set up

    Scenario: The old password worked until then
      Given a voice application with password authentication
      When it is called with its password
      And the client rotates its password
      And it is called with its former password
      Then the first call was set up
      And the call is refused with 401
