Feature: Headers
  What a caller writes into its requests, and what of it the call flow gets to see.

  @sip.headers.vendor-stripped
  Rule: Headers whose name begins with X- do not reach the call flow

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
