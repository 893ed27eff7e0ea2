Feature: Liveness
  Clients ask with OPTIONS whether the path to the service is alive.

  @sip.options.keepalive
  Rule: OPTIONS is answered with 200 Keepalive, and no credentials are asked for

    Scenario: Once
      When a client sends OPTIONS to the service
      Then it is answered with 200 "Keepalive"

    Scenario: Every second
      When a client sends OPTIONS to the service 3 times, a second apart
      Then each of 3 is answered with 200 "Keepalive"
