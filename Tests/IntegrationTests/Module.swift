// The IntegrationTests target.
