Feature: Changing the source addresses

  @app.source-ips.replaced-whole
  Rule: A change of the source addresses alone replaces the whole list and touches nothing else

    Scenario: Reading it before and after
      Given a voice application enabled with
        | passwordAuthEnabled | true                                  |
        | allowedSourceIps    | ["203.0.113.0/25", "198.51.100.7/32"] |
        | allowedRegions      | ["US"]                                |
      When the client sets allowedSourceIps to ["198.51.100.8/32"]
      Then the API grants it
      And the answer holds no password
      And the answer shows
        | allowedSourceIps | ["198.51.100.8/32"] |
      And nothing but allowedSourceIps has changed
      And reading it shows
        | allowedSourceIps | ["198.51.100.8/32"] |

    Scenario: Calls from the new address come in, calls from the former one do not
      Given a voice application open to the US customer's address only
      When the US customer calls it without credentials
      And the client opens it to the EU customer's address only
      And the EU customer calls it without credentials
      And the US customer calls it without credentials
      Then the first call was set up
      And the call before the last was set up
      And the call is refused with 401
      And nothing reaches the voice platform

    Scenario: The password from before still authenticates
      Given a voice application with password authentication, open to the US customer's address only
      When the client opens it to the EU customer's address only
      And the EU customer calls it with the password from before
      And the US customer calls it with its password at once
      Then the first call was set up
      And the call is refused with 401

    Scenario: An empty list, beside a password, lets every address in
      Given a voice application with password authentication, open to the US customer's address only
      When the client sets allowedSourceIps to []
      And the EU customer calls it with its password
      Then the call is set up

  @app.cidr.limit
  Rule: The list takes 25 entries and no more

    Scenario: 25
      Given a voice application
      When the client allows calls from 25 addresses
      Then the API grants it
      And its allowed sources are those 25 addresses
      When the client reads it
      Then its allowed sources are those 25 addresses

    Scenario: 26
      Given a voice application
      When the client allows calls from 26 addresses
      Then the API answers 400
      And the error is about allowedSourceIps
      And the application is still disabled

    Scenario: 26 of which two are equal
      Given a voice application
      When the client allows calls from 26 addresses, the last one like the first
      Then the API answers 400
      And the application is still disabled

    Scenario: 26 instead of 25
      Given a voice application
      When the client allows calls from 25 addresses
      And the client allows calls from 26 addresses
      Then the API answers 400
      And nothing about it has changed

    Scenario: 25 instead of one
      Given a voice application enabled with
        | allowedSourceIps | ["203.0.113.0/25"] |
      When the client allows calls from 25 addresses
      Then the API grants it
      And its allowed sources are those 25 addresses

    Scenario: The last of 25 counts like the first
      Given a voice application
      When the client allows calls from 24 addresses and, last, from 0.0.0.0/0
      And it is called without credentials
      Then the call is set up
