Feature: Headers
  Which of a caller's headers reach the voice platform, and what a 401 carries.

  @sip.headers.vendor-stripped
  Rule: Headers whose name begins with X- do not reach the voice platform

    Scenario: However they are spelled, in the INVITE and in the BYE
      Given a voice application with password authentication
      When it is called with its password and these headers in every request
        | X-Vendor    |
        | x-lower     |
        | X-MIXED-case |
        | X-Folded    |
        | X-Repeated  |
        | X-Blank     |
        | X-Tab       |
      Then the call is set up
      And no header whose name begins with X- reaches the voice platform
      And nothing of their values reaches the voice platform

  @sip.headers.standard-kept
  Rule: All other headers reach the voice platform as they were sent, in their order

    @smoke
    Scenario: Standard headers, and unknown ones
      Given a voice application with password authentication
      When it is called with its password and headers of all kinds
      Then these headers reach the voice platform unchanged and in order
        | Organization    |
        | Priority        |
        | Unknown-Header  |
        | User-Agent      |
        | Another-Unknown |
        | Subject         |
        | Xylophone       |
        | Contact         |

  @sip.headers.credentials-consumed
  Rule: The credentials that opened the door do not go through it

    Scenario: An accepted call
      Given a voice application with password authentication
      When it is called with its password
      Then the call reaches the voice platform
      And its credentials do not reach the voice platform

  @sip.refusal.www-authenticate
  Rule: Every 401 names the documented realm, and none can be answered

    Scenario: A wrong password
      Given a voice application with password authentication
      When it is called with a wrong password
      Then every 401 carries WWW-Authenticate with the documented realm

    Scenario: Inbound SIP off
      Given a voice application
      When it is called without credentials
      Then every 401 carries WWW-Authenticate with the documented realm

    Scenario: An address that is not listed
      Given a voice application open to the US customer's address only
      When the EU customer calls it without credentials
      Then every 401 carries WWW-Authenticate with the documented realm

    Scenario: Authorization instead of Proxy-Authorization
      Given a voice application with password authentication
      When it is called without credentials
      And it is called with the right answer to that challenge in Authorization
      Then the call is challenged with a Digest for the documented realm
      And nothing reaches the voice platform
