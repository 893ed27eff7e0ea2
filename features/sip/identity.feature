Feature: Identity
  Request-URI, To and authentication user of a call all have to name the same application.

  @sip.identity.auth-user
  Rule: Another authentication user is forbidden

    Scenario: Authenticated as another application
      Given a voice application with password authentication
      And another voice application with password authentication
      When the first is called with the other's name and password
      Then the call is refused with 403
      And nothing reaches the voice platform

    Scenario: Authenticated as another application, at once
      Given a voice application with password authentication
      And another voice application with password authentication
      When the first is called with the other's name and password at once
      Then the call is refused with 403
      And nothing reaches the voice platform

    Scenario: Authenticated by its name in capitals
      Given a voice application with password authentication
      When INVITEs come with the right password, and with its name in capitals in
        | the user name alone |
      Then each of them is answered with 401 or 403
      And none is passed on

  @sip.identity.request-uri
  Rule: Another application in the Request-URI is forbidden

    Scenario: The Request-URI names another application
      Given a voice application with password authentication
      And another voice application with password authentication
      When the first is called with its password at once, and with the other in the Request-URI
      Then the call is refused with 403
      And nothing reaches the voice platform

    Scenario: The Request-URI in capitals
      Given a voice application with password authentication
      When INVITEs come with the right password, and with its name in capitals in
        | the Request-URI alone |
        | all but To            |
      Then each of them is answered with 403
      And none is passed on

  @sip.identity.to
  Rule: Another application in To is forbidden

    Scenario: To names another application
      Given a voice application with password authentication
      And another voice application with password authentication
      When the first is called with its password at once, and with the other in To
      Then the call is refused with 403
      And nothing reaches the voice platform

    Scenario: To in capitals
      Given a voice application with password authentication
      When INVITEs come with the right password, and with its name in capitals in
        | To alone                |
        | all but the Request-URI |
      Then each of them is answered with 403
      And none is passed on

    Scenario: To names nobody
      Given a voice application with password authentication
      When INVITEs come with the right password, and with these changes
        | line | change                |
        | To   | <tel:+15550100>       |
        | To   | tel:+15550100         |
        | To   | <sip:called.example>  |
        | To   | <sip:@called.example> |
      Then each of them is answered with 400 or 403
      And none is passed on
