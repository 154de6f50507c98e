UPDATE accounts SET balance = 100 WHERE id = 1;
