Feature: Answers of the called side
  What the called side says is for the caller. The service knows not every status, and need not.

  @sip.response.forwarding
  Rule: A final answer goes on as it came

    Scenario: Refusals of calls
      Given a voice application with password authentication
      When it is called with its password, and the called side says
        | 404 Nobody by that name      |
        | 499 Besetzt – später         |
        | 500 Not before two hours     |
        | 599 Never heard of; or once? |
        | 603 Decline                  |
        | 607 Unwanted                 |
        | 699 Never heard of           |
      Then the caller is told what the called side said

    Scenario: Refusals within a call
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand
      And the caller changes the session, and the called side says
        | 403 Forbidden            |
        | 488 Not Acceptable Here  |
        | 491 Request Pending      |
        | 499 Never heard of       |
        | 500 Not before two hours |
        | 599 Never heard of       |
        | 606 Not Acceptable       |
        | 607 Unwanted             |
        | 699 Never heard of       |
      Then the caller is told what the called side said

    Scenario: The called side agrees while the caller gives up
      Given a voice application with password authentication
      When a call with its password is answered, and its called side goes on by hand
      And the caller changes the session and gives up, but the called side says 200 OK
      Then the caller is told what the called side said
