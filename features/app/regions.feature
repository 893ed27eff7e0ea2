Feature: Changing the regions

  @app.regions.only
  Rule: A change of the regions alone touches neither SIP URI nor password

    Scenario: Reading it before and after
      Given a voice application enabled with
        | passwordAuthEnabled | true               |
        | allowedSourceIps    | ["203.0.113.0/25"] |
        | allowedRegions      | ["US"]             |
      When the client sets allowedRegions to ["EU"]
      Then the API grants it
      And the answer holds no password
      And the answer shows
        | allowedRegions | ["EU"] |
      And nothing but allowedRegions has changed
      And reading it shows
        | allowedRegions | ["EU"] |

    Scenario: The password from before still authenticates
      Given a voice application with password authentication for the region EU
      When the client sets allowedRegions to ["US"]
      And the US customer calls it with the password from before
      Then the call is set up

    Scenario: It still authenticates when the last restriction is taken away
      Given a voice application with password authentication for the region EU
      When the client sets allowedRegions to []
      And it is called with the password from before
      Then the call is set up

  @app.regions.unknown
  Rule: A region the service does not know is refused, and no region is no restriction

    Scenario Outline: <what>
      Given a voice application with password authentication for the region US
      When the client sets allowedRegions to <regions>
      Then the API answers 400
      And the error is about <place>
      And nothing about it has changed

      Examples:
        | what                        | regions            | place             |
        | No region of the service    | ["Atlantis"]       | allowedRegions[0] |
        | One of several              | ["EU", "Atlantis"] | allowedRegions[1] |
        | Another case                | ["us"]             | allowedRegions[0] |
        | A blank too many            | ["US "]            | allowedRegions[0] |
        | An empty string             | [""]               | allowedRegions[0] |
        | A wildcard                  | ["*"]              | allowedRegions[0] |
        | A list of them in one entry | ["US,EU"]          | allowedRegions[0] |

    Scenario: The same region twice
      Given a voice application with password authentication
      When the client sets allowedRegions to ["US", "EU", "US"]
      Then the API answers 400
      And the error is about allowedRegions[2] or allowedRegions[0]
      And nothing about it has changed

    Scenario: Enabling with an unknown region
      Given a voice application
      When the client changes it to
        | inboundSipCallsEnabled | true         |
        | passwordAuthEnabled    | true         |
        | allowedRegions         | ["Atlantis"] |
      Then the API answers 400
      And the error is about allowedRegions[0]
      And the application is still disabled

    Scenario: The regions from before a refused change are in force
      Given a voice application with password authentication for the region US
      When the client sets allowedRegions to ["EU", "Atlantis"]
      And the US customer calls it with its password
      And the EU customer calls it with its password at once
      Then the first call was set up
      And the call is refused with 401

    Scenario: An empty list lets every region in
      Given a voice application with password authentication for the region US
      When the client sets allowedRegions to []
      And the EU customer calls it with its password
      And the customer of no known region calls it with its password
      Then the first call was set up
      And the call is set up
